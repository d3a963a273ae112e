// Labels that allow for mistakes.
data = imagenette(160)

resize(96)
    .epochs(3)
    .then(128)
    .epochs(2)
    .model(xresnet18())
    .labelSmoothing(0.1)
