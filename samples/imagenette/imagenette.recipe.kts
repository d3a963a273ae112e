// Imagenette from a baseline to the state of the art, a technique at a time:
// leaven train imagenette.recipe.kts --recipe baseline
data = imagenette(160)

// An XResNet-18 as it comes: one size, one-cycle, and the crop and the flip that every recipe has.
val baseline = resize(128).epochs(5).model(xresnet18())

// As many epochs, most of them on smaller images: a run costs three quarters of the baseline's.
val progressive =
    resize(96)
        .epochs(3)
        .then(128)
        .epochs(2)
        .model(xresnet18())

// Labels that allow for mistakes.
val smoothed = progressive.labelSmoothing(0.1)

// Four augmented views of each validation image besides the plain one; training is the same.
val judged = smoothed.tta(4)

// Mixed images want many epochs.
val mixed =
    resize(96)
        .epochs(20)
        .then(128)
        .epochs(10)
        .model(xresnet18())
        .augment()
        .mixup()
        .labelSmoothing(0.1)
        .tta(4)

// The network, the optimizer and the schedule of fastai's leaderboard.
val leaderboard =
    resize(128)
        .epochs(80)
        .learningRate(8e-3)
        .model(xresnet50().mish().withSelfAttention())
        .optimizer(Ranger())
        .flatCosine()
        .randomResizedCrop(0.35)
        .mixup()
        .labelSmoothing(0.1)
        .tta(4)
