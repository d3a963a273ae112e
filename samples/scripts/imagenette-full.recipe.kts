// The whole sentence on Imagenette, to be looked at before it is paid for:
// ./leaven data show samples/scripts/imagenette-full.recipe.kts -o preview.png
data = imagenette(160)

resize(128)
    .then(224)
    .augment()
    .erase(0.25)
    .mixupOrCutmix()
    .labelSmoothing(0.1)
    .tta(4)
