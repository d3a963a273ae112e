// Mixed images want many epochs: fewer than twenty gain nothing by them.
data = imagenette(160)

resize(96)
    .epochs(20)
    .then(128)
    .epochs(10)
    .model(xresnet18())
    .augment()
    .mixup()
    .labelSmoothing(0.1)
    .tta(4)
