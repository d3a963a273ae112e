// Fashion-MNIST: 28×28 grey pictures of clothes, ten classes. At 24 px no crop has to be enlarged.
data = idxFolder("../data/fashion-mnist")

resize(20)
    .epochs(3)
    .then(24)
    .epochs(5)
    .learningRate(2e-3)
    .model(xresnet18())
    .labelSmoothing(0.1)
    .tta(4)
