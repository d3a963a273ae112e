// Imagenette at 160 px, downloaded when it is first needed; --data DIR takes it from a folder instead.
// The recipe whose result the README compares with fastai's.
data = imagenette(160)

resize(64)
    .epochs(3)
    .learningRate(3e-3)
    .then(96)
    .epochs(2)
    .learningRate(1e-3)
    .model(xresnet18())
    .randomResizedCrop(0.35)
    .labelSmoothing(0.1)
