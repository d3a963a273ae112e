// What each technique is worth on small pictures of clothes, in minutes: leaven ablate fashion-ablation.recipe.kts
// docs/ablation.md has what came of it.
data = idxFolder("../data/fashion-mnist")

resize(20)
    .epochs(3)
    .then(24)
    .epochs(3)
    .model(xresnet18())
    .normalizeFromData()
    .mixupOrCutmix()
    .labelSmoothing(0.1)
    .warmRestarts(2, 1, 2)
    .tta(4)
