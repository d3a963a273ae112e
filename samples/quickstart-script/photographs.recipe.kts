// Any folder that has a folder of photographs for each class: leaven train sentence.recipe.kts --data DIR
resize(128)
    .then(224)
    .mixup()
    .labelSmoothing(0.1)
    .tta(4)
