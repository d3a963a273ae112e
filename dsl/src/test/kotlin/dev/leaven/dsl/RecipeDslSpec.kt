package dev.leaven.dsl

import dev.leaven.dsl.Recipe.resize
import dev.leaven.runtime.data.DecodedCache
import dev.leaven.runtime.evaluate.TestTimeAugmentation
import dev.leaven.runtime.model.XResNet
import dev.leaven.runtime.optimize.Adam
import dev.leaven.runtime.optimize.Cosine
import dev.leaven.runtime.optimize.Ranger
import dev.leaven.runtime.train.TimeLimit
import dev.leaven.runtime.transform.AutoAugment
import dev.leaven.runtime.transform.Shear
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe

class RecipeDslSpec :
    FunSpec({
        test("the sentence is the same value from Kotlin as from Java") {
            val sentence =
                resize(128)
                    .then(224)
                    .mixup()
                    .labelSmoothing(0.1)
                    .tta(4)

            sentence shouldBe SaidInJava.SENTENCE
            sentence.hash() shouldBe SaidInJava.SENTENCE.hash()
        }

        test("a block is the same value as the chain") {
            val block =
                recipe {
                    resize(128) { epochs = 4 }
                    then(224) {
                        epochs = 5
                        batchSize = 32
                        learningRate = 1e-3
                    }
                    mixup()
                    labelSmoothing(0.1)
                    tta(4)
                }
            val chain =
                resize(128)
                    .epochs(4)
                    .then(224)
                    .epochs(5)
                    .batchSize(32)
                    .learningRate(1e-3)
                    .mixup()
                    .labelSmoothing(0.1)
                    .tta(4)

            block shouldBe chain
            block.hash() shouldBe chain.hash()
        }

        test("a block may say the run before the stages") {
            val block =
                recipe {
                    model(XResNet(18))
                    optimizer(Adam())
                    cache(DecodedCache.MEMORY)
                    tta(TestTimeAugmentation(2))
                    seed(7)
                    resize(64)
                }

            block shouldBe
                resize(64)
                    .model(XResNet(18))
                    .optimizer(Adam())
                    .cache(DecodedCache.MEMORY)
                    .tta(2)
                    .seed(7)
        }

        test("a block says schedules as the chain does") {
            recipe {
                resize(64)
                then(96) { schedule = Cosine() }
                oneCycle()
                warmUp(1)
            } shouldBe resize(64).then(96) { it.schedule(Cosine()) }.oneCycle().warmUp(1)
            recipe {
                resize(64)
                warmRestarts(cycles = 3, length = 1, multiplier = 2)
                scheduleOverAll()
            } shouldBe resize(64).warmRestarts(3, 1, 2).scheduleOverAll()
            recipe {
                resize(64)
                optimizer(Ranger())
                flatCosine()
                warmUp(0.1)
            } shouldBe
                resize(64)
                    .optimizer(Ranger())
                    .flatCosine()
                    .warmUp(0.1)
        }

        test("a block mixes as the chain does") {
            recipe {
                resize(64)
                cutmix(0.5)
                mixOffForLast(2)
            } shouldBe resize(64).cutmix(0.5).mixOffForLast(2)
            recipe {
                resize(64)
                cutmix()
            } shouldBe resize(64).cutmix()
            recipe {
                resize(64)
                mixupOrCutmix()
            } shouldBe resize(64).mixupOrCutmix()
            recipe {
                resize(64)
                mixupOrCutmix(mixupAlpha = 0.2, cutmixAlpha = 1.0, odds = 0.3)
            } shouldBe resize(64).mixupOrCutmix(0.2, 1.0, 0.3)
        }

        test("a block says augmentation as the chain does") {
            val block =
                recipe {
                    resize(64)
                    augment {
                        rotate = 15.0
                        zoom = 1.0..1.2
                        lighting = 0.4
                        geometry(Shear(5.0))
                    }
                    erase(0.25)
                }

            block shouldBe
                resize(64)
                    .augment { it.rotate(15.0).zoom(1.0, 1.2).lighting(0.4) }
                    .geometry(Shear(5.0))
                    .erase(0.25)
            recipe {
                resize(64)
                augment()
            } shouldBe resize(64).augment()
            recipe {
                resize(64)
                rotate(5.0)
                warp(0.1)
                zoom(1.0, 1.3)
                lighting(0.1)
                dihedral(0.5)
            } shouldBe
                resize(64)
                    .dihedral(0.5)
                    .lighting(0.1)
                    .zoom(1.0, 1.3)
                    .warp(0.1)
                    .rotate(5.0)
        }

        test("a block says policies as the chain does") {
            recipe {
                resize(64)
                randAugment(numOps = 1, magnitude = 12)
                gaussianBlur(1.5)
                cutout(0.25)
            } shouldBe resize(64).randAugment(1, 12).gaussianBlur(1.5).cutout(0.25)
            recipe {
                resize(64)
                randAugment()
                cutout()
            } shouldBe resize(64).randAugment().cutout()
            recipe {
                resize(64)
                trivialAugment()
            } shouldBe resize(64).trivialAugment()
            recipe {
                resize(64)
                autoAugment()
            } shouldBe resize(64).policy(AutoAugment())
        }

        test("a block ends early as the chain does") {
            recipe {
                resize(64)
                earlyStopping(3)
                timeLimit(90)
            } shouldBe resize(64).earlyStopping(3).timeLimit(90.0)
            resize(64).timeLimit(90) shouldBe resize(64).timeLimit(90.0)
            recipe {
                resize(64)
                stopping(TimeLimit(90.0))
            } shouldBe resize(64).timeLimit(90.0)
        }

        test("stages can be added without dots") {
            (resize(128) then 224 then 256) shouldBe resize(128).then(224).then(256)
        }

        test("stages can freeze groups, and tune finely") {
            recipe {
                resize(64) {
                    freeze(1)
                    freezeNorms()
                }
                then(96) { discriminative(1e-5, 1e-3) }
                then(112) { freezeAllNorms() }
                then(128)
                fineTune(3)
            } shouldBe
                resize(64)
                    .freeze(1)
                    .freezeNorms()
                    .then(96)
                    .discriminative(1e-5, 1e-3)
                    .then(112)
                    .freezeAllNorms()
                    .then(128)
                    .fineTune(3)
        }

        test("a block can say whatever a recipe can") {
            val ofStages = setOf("epochs", "batchSize", "learningRate", "freeze", "freezeNorms", "freezeAllNorms", "discriminative")
            val methods =
                Recipe::class.java.declaredMethods
                    .filter { it.returnType == Recipe::class.java && it.name !in ofStages + "fromJson" }
                    .filter {
                        java.lang.reflect.Modifier
                            .isPublic(it.modifiers)
                    }.map { it.name }
                    .toSet()
            val block =
                RecipeBlock::class.java.methods
                    .map { it.name }
                    .toSet()

            (methods - block).shouldBeEmpty()
        }

        test("a block without a first stage is refused") {
            shouldThrow<IllegalArgumentException> { recipe { mixup() } }.message shouldBe
                "recipe: the block needs a stage; begin it with resize(224), for instance"
            shouldThrow<IllegalArgumentException> { recipe { then(224) } }.message shouldBe
                "then: a recipe begins with resize; say resize(224) first"
            shouldThrow<IllegalArgumentException> {
                recipe {
                    resize(128)
                    resize(224)
                }
            }.message shouldBe "resize: it begins a recipe and is said once; say then(224) for the next stage"
        }

        test("a wrong value is refused") {
            shouldThrow<IllegalArgumentException> { recipe { tta(-1) } }.message shouldBe
                "tta: passes must be between 1 and 1000, but is -1"
            shouldThrow<IllegalArgumentException> { recipe { resize(64) { epochs = 0 } } }.message shouldBe
                "epochs: epochs must be at least 1, but is 0"
        }
    })
