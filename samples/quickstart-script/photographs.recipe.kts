// Any folder that has a folder of photographs for each class, beside this script; or another: --data DIR
data = imageFolder("photographs")

resize(128)
    .then(224)
    .mixup()
    .labelSmoothing(0.1)
    .tta(4)
