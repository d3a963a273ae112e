// What each technique is worth on 2,000 small pictures of clothes: leaven ablate fashion-ablation.recipe.kts
// docs/ablation.md has what came of it.
data = idxFolder("../data/fashion-mnist").subset(0.2)

resize(20)
    .epochs(7)
    .then(24)
    .epochs(7)
    .model(xresnet18().widen(0.25))
    .normalizeFromData()
    .mixupOrCutmix()
    .labelSmoothing(0.1)
    .warmRestarts(3, 1, 2)
    .tta(4)
