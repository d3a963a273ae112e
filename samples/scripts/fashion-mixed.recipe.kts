// The pictures of fashion.recipe.kts with everything that keeps a model from learning them by heart. See what becomes of them:
// leaven data show fashion-mixed.recipe.kts -o grid.png
data = idxFolder("../data/fashion-mnist")

resize(24)
    .epochs(20)
    .model(xresnet18())
    .augment()
    .erase(0.25)
    .mixupOrCutmix()
