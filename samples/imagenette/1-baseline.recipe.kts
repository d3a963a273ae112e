// An XResNet-18 as it comes: one size, cross-entropy, one-cycle and the flip that every recipe has.
data = imagenette(160)

resize(128)
    .epochs(5)
    .model(xresnet18())
