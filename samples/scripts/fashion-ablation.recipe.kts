// What each technique is worth on 2,000 small pictures of clothes in six epochs: leaven ablate fashion-ablation.recipe.kts
// docs/ablation.md has what came of it.
data = idxFolder("../data/fashion-mnist").subset(0.2)

resize(20)
    .epochs(3)
    .then(24)
    .epochs(3)
    .model(xresnet18().widen(0.25))
    .mixup()
    .labelSmoothing(0.1)
    .warmRestarts(2, 1, 2)
    .tta(4)
