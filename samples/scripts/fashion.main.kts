// The recipe of fashion.recipe.kts for Kotlin's own command, in a file that brings its libraries along.
// In this folder: kotlin fashion.main.kts
// On other machines than Linux with x86-64 the last library is linux-arm64, macosx-arm64 or windows-x86_64.
@file:DependsOn("dev.leaven:leaven-dsl:0.1.0-SNAPSHOT")
@file:DependsOn("org.slf4j:slf4j-nop:2.0.18")
@file:DependsOn("org.tensorflow:tensorflow-core-native:jar:linux-x86_64:1.1.0")

import dev.leaven.dsl.data
import dev.leaven.dsl.recipe
import dev.leaven.dsl.xresnet18

val clothes = data { idxFolder("../data/fashion-mnist") }

val fashion =
    recipe {
        resize(20) { epochs = 3 }
        then(24) {
            epochs = 5
            learningRate = 2e-3
        }
        model(xresnet18())
        labelSmoothing(0.1)
        tta(4)
    }

println(fashion.explain(clothes))
fashion.train(clothes)
