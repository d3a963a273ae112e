// The network, the optimizer and the schedule of fastai's leaderboard for 80 epochs at 128 px.
data = imagenette(160)

resize(128)
    .epochs(80)
    .learningRate(8e-3)
    .model(xresnet50().mish().selfAttention())
    .optimizer(Ranger())
    .flatCosine()
    .randomResizedCrop(0.35)
    .mixup()
    .labelSmoothing(0.1)
    .tta(4)
