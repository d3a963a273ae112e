// The same epochs, most of them on smaller images: a run costs three quarters, and the change of size is an augmentation.
data = imagenette(160)

resize(96)
    .epochs(3)
    .then(128)
    .epochs(2)
    .model(xresnet18())
