package dev.leaven.dsl

import dev.leaven.dsl.Recipe.resize
import dev.leaven.runtime.data.DecodedCache
import dev.leaven.runtime.evaluate.TestTimeAugmentation
import dev.leaven.runtime.models.XResNet
import dev.leaven.runtime.optimize.Adam
import dev.leaven.runtime.optimize.AdamW
import dev.leaven.runtime.optimize.Constant
import dev.leaven.runtime.optimize.Cosine
import dev.leaven.runtime.optimize.Exponential
import dev.leaven.runtime.optimize.FlatCosine
import dev.leaven.runtime.optimize.Lamb
import dev.leaven.runtime.optimize.Lars
import dev.leaven.runtime.optimize.Linear
import dev.leaven.runtime.optimize.Lion
import dev.leaven.runtime.optimize.Lookahead
import dev.leaven.runtime.optimize.OneCycle
import dev.leaven.runtime.optimize.Plateau
import dev.leaven.runtime.optimize.Polynomial
import dev.leaven.runtime.optimize.RAdam
import dev.leaven.runtime.optimize.Ranger
import dev.leaven.runtime.optimize.RmsProp
import dev.leaven.runtime.optimize.Sam
import dev.leaven.runtime.optimize.Sgd
import dev.leaven.runtime.optimize.StepDecay
import dev.leaven.runtime.optimize.WarmRestarts
import dev.leaven.runtime.plan.TimeLimit
import dev.leaven.runtime.transform.AutoAugment
import dev.leaven.runtime.transform.Shear
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import java.lang.reflect.Modifier

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
                then(96) { schedule(Cosine()) }
                oneCycle()
                warmUp(1)
            } shouldBe resize(64).then(96) { it.schedule(Cosine()) }.oneCycle().warmUp(1)
            recipe {
                resize(64)
                warmRestarts(3, 1, 2)
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
                mixupOrCutmix(0.2, 1, 0.3)
            } shouldBe resize(64).mixupOrCutmix(0.2, 1.0, 0.3)
        }

        test("a block says augmentation as the chain does") {
            val block =
                recipe {
                    resize(64)
                    augment {
                        rotate(15)
                        zoom(1, 1.2)
                        lighting(0.4)
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
                randAugment(1, 12)
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

        test("whole numbers are taken where Java takes them") {
            resize(64)
                .rotate(15)
                .zoom(1, 1.5)
                .clipGradients(1)
                .ema(2)
                .mixup(1)
                .learningRate(1) shouldBe
                resize(64)
                    .rotate(15.0)
                    .zoom(1.0, 1.5)
                    .clipGradients(1.0)
                    .ema(2.0)
                    .mixup(1.0)
                    .learningRate(1.0)
            resize(64).classWeights(1, 2) shouldBe resize(64).classWeights(1.0, 2.0)
            resize(64).augment { it.rotate(15).zoom(1, 2) } shouldBe resize(64).augment { it.rotate(15.0).zoom(1.0, 2.0) }
            resize(64).then(96) { it.learningRate(1) } shouldBe resize(64).then(96) { it.learningRate(1.0) }
            recipe {
                resize(64) { learningRate = 1 }
                augment { rotate(15) }
                clipGradients(1)
                ema(2)
                zoom(1, 1.5)
                classWeights(1, 2)
            } shouldBe
                resize(64)
                    .learningRate(1.0)
                    .augment { it.rotate(15.0) }
                    .clipGradients(1.0)
                    .ema(2.0)
                    .zoom(1.0, 1.5)
                    .classWeights(1.0, 2.0)
        }

        test("blocks of an optimizer, a schedule and test-time augmentation are the same values") {
            recipe {
                resize(64)
                optimizer {
                    sgd(momentum = 0.9, nesterov = true)
                    lookahead(k = 5)
                    weightDecay = 1e-4
                    clipGradients = 1
                    accumulate = 2
                }
                schedule {
                    cosine(end = 0.1)
                    warmUp(1)
                    overAll()
                }
                tta {
                    passes = 8
                    beta = 0.5
                }
            } shouldBe
                resize(64)
                    .optimizer(Lookahead(Sgd(0.9).withNesterov(), 5, 0.5))
                    .weightDecay(1e-4)
                    .clipGradients(1.0)
                    .accumulate(2)
                    .schedule(Cosine(0.1))
                    .warmUp(1)
                    .scheduleOverAll()
                    .tta(TestTimeAugmentation(8, 0.5, false))
            recipe {
                resize(64) { schedule { flatCosine(start = 0.5) } }
                optimizer { lookahead() }
            } shouldBe
                resize(64) { it.schedule(FlatCosine(FlatCosine().divFinal(), 0.5)) }.optimizer(Lookahead(Adam()))
        }

        test("every optimizer and schedule is a word of its block, with the defaults that it has in Java") {
            fun optimizers(block: OptimizerBlock.() -> Unit) =
                recipe {
                    resize(64)
                    optimizer(block)
                }

            fun schedules(block: ScheduleBlock.() -> Unit) =
                recipe {
                    resize(64)
                    schedule(block)
                }
            optimizers { adam() } shouldBe resize(64).optimizer(Adam())
            optimizers { adamW() } shouldBe resize(64).optimizer(AdamW())
            optimizers { sgd() } shouldBe resize(64).optimizer(Sgd())
            optimizers { rmsProp() } shouldBe resize(64).optimizer(RmsProp())
            optimizers { rAdam() } shouldBe resize(64).optimizer(RAdam())
            optimizers { ranger() } shouldBe resize(64).optimizer(Ranger())
            optimizers { lamb() } shouldBe resize(64).optimizer(Lamb())
            optimizers { lars() } shouldBe resize(64).optimizer(Lars())
            optimizers { lion() } shouldBe resize(64).optimizer(Lion())
            optimizers { sam() } shouldBe resize(64).optimizer(Sam(Adam()))
            optimizers {
                lion()
                sam(0.1)
                lookahead()
            } shouldBe resize(64).optimizer(Sam(Lookahead(Lion()), 0.1))
            schedules { constant() } shouldBe resize(64).schedule(Constant())
            schedules { linear() } shouldBe resize(64).schedule(Linear())
            schedules { cosine() } shouldBe resize(64).schedule(Cosine())
            schedules { exponential() } shouldBe resize(64).schedule(Exponential())
            schedules { polynomial(2) } shouldBe resize(64).schedule(Polynomial(2.0))
            schedules { step() } shouldBe resize(64).schedule(StepDecay())
            schedules { oneCycle() } shouldBe resize(64).schedule(OneCycle())
            schedules { flatCosine() } shouldBe resize(64).schedule(FlatCosine())
            schedules { warmRestarts(3, 1) } shouldBe resize(64).schedule(WarmRestarts(3, 1))
            schedules { plateau() } shouldBe resize(64).schedule(Plateau())
        }

        test("a recipe goes on as a block, and a block says a word of one's own") {
            (resize(128) then 224).and { mixup() } shouldBe resize(128).then(224).mixup()
            recipe {
                resize(64)
                with { it.mixup().tta(4) }
            } shouldBe resize(64).mixup().tta(4)
        }

        test("what is a property in a block is a function too") {
            val blocks =
                listOf(StageBlock::class.java, OptimizerBlock::class.java, TtaBlock::class.java)
            blocks.forEach { block ->
                val methods = block.methods.filter { Modifier.isPublic(it.modifiers) && '$' !in it.name }.map { it.name }
                val properties = methods.filter { it.startsWith("set") }.map { it.drop(3).replaceFirstChar(Char::lowercase) }
                properties.shouldNotBeEmpty()
                (properties - methods.toSet()).shouldBeEmpty()
            }
            recipe { resize(64) { epochs(2) } } shouldBe recipe { resize(64) { epochs = 2 } }
            recipe {
                resize(64)
                augment { rotate(5) }
                tta { max() }
            } shouldBe
                recipe {
                    resize(64)
                    augment { rotate(5) }
                    tta { max = true }
                }
        }

        test("a block has every word of a recipe") {
            val words = words(Recipe::class.java)
            val ofStages =
                StageWords::class.java.methods
                    .map { it.name }
                    .toSet()

            (words - ofStages - names(RecipeBlock::class.java)).shouldBeEmpty()
            (ofStages - names(StageBlock::class.java)).shouldBeEmpty()
        }

        test("a word that takes a number takes a whole one") {
            val decimals = setOf(Double::class.java, DoubleArray::class.java)
            listOf(RecipeWords::class.java, StageWords::class.java, AugmentationWords::class.java)
                .flatMap { it.methods.toList() }
                .filter { word -> word.parameterTypes.any { it in decimals } }
                .map { it.name }
                .toSet() shouldBe setOf("warmUp") // warmUp(1) is an epoch, warmUp(0.1) a fraction of the steps
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

private fun names(type: Class<*>): Set<String> = type.methods.map { it.name }.toSet()

private fun words(type: Class<*>): Set<String> =
    type.methods
        .filter { it.returnType == type && Modifier.isPublic(it.modifiers) && !Modifier.isStatic(it.modifiers) }
        .map { it.name }
        .toSet()
