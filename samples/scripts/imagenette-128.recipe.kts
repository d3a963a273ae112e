// Imagenette at 128 px from random weights in five epochs, as the leaderboard has it: no mixing, no test-time augmentation.
data = imagenette(160)

resize(128)
    .epochs(5)
    .batchSize(64)
    .learningRate(8e-3)
    .model(xresnet50().mish().withSelfAttention().withBlurPool())
    .randomResizedCrop(0.35)
    .labelSmoothing(0.1)
    .optimizer(Ranger())
    .flatCosine()
