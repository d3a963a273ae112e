// Four augmented views of each validation image besides the plain one; training is the same.
data = imagenette(160)

resize(96)
    .epochs(3)
    .then(128)
    .epochs(2)
    .model(xresnet18())
    .labelSmoothing(0.1)
    .tta(4)
