// Fashion-MNIST: 28×28 grey pictures of clothes, ten classes.
data = idxFolder("../data/fashion-mnist")

resize(28)
    .epochs(8)
    .batchSize(128)
    .learningRate(3e-3)
    .model(xresnet18())
    .labelSmoothing(0.1)
    .tta(4)
