// The breeds of 37 cats and dogs by transfer learning. The weights are torchvision's; the README says how to get them.
data = oxfordPets()

resize(224)
    .fineTune(4)
    .model(resnet34())
    .pretrained("resnet34.safetensors")
    .augment()
    .tta(4)
