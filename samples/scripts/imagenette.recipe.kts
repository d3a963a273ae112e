// Imagenette (160 px): download imagenette2-160 from fastai's page, then
//   leaven train imagenette.recipe.kts --data imagenette2-160
// The recipe whose result fastai's is compared with in the README.
resize(64)
    .epochs(3)
    .learningRate(3e-3)
    .then(96)
    .epochs(2)
    .learningRate(1e-3)
    .model(xresnet18())
    .randomResizedCrop(0.35)
    .labelSmoothing(0.1)
