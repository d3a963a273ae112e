package dev.leaven.dsl.cli

import dev.leaven.dsl.Recipe
import dev.leaven.dsl.Recipe.resize
import dev.leaven.runtime.graph.Precision
import dev.leaven.runtime.models.XResNet
import dev.leaven.runtime.optimize.Ranger
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith

class SettingSpec :
    FunSpec({
        val recipe =
            resize(64)
                .epochs(4)
                .then(96)
                .epochs(2)
                .mixup()

        fun set(
            vararg settings: String,
            of: Recipe = recipe,
        ) = settings.fold(of) { before, setting -> Setting.of(setting).on(before) }

        fun refusal(setting: String): String? = shouldThrow<IllegalArgumentException> { set(setting) }.message

        test("a setting of stages is of one, or of all") {
            set("epochs=1") shouldBe
                resize(64)
                    .epochs(1)
                    .then(96)
                    .epochs(1)
                    .mixup()
            set("stage2.epochs=9", "stage1.learningRate=0.01") shouldBe
                resize(64)
                    .epochs(4)
                    .learningRate(0.01)
                    .then(96)
                    .epochs(9)
                    .mixup()
            set("batchSize=8") shouldBe
                resize(64)
                    .epochs(4)
                    .batchSize(8)
                    .then(96)
                    .epochs(2)
                    .batchSize(8)
                    .mixup()
            set("stage1.size=32") shouldBe
                resize(32)
                    .epochs(4)
                    .then(96)
                    .epochs(2)
                    .mixup()
        }

        test("a word of the run is said as in the recipe") {
            set("seed=7", "model=xresnet18", "labelSmoothing=0.1", "precision=float32", "optimizer=Ranger", of = resize(64)) shouldBe
                resize(64)
                    .seed(7)
                    .model(XResNet(18))
                    .labelSmoothing(0.1)
                    .precision(Precision.FLOAT32)
                    .optimizer(Ranger())
            set("mixup", "zoom=1,1.5", "warmUp=1", of = resize(64)) shouldBe resize(64).mixup().zoom(1.0, 1.5).warmUp(1)
            set("autoBatchSize=false", of = resize(64)) shouldBe resize(64).autoBatchSize(false)
            set("warmUp=0.1", "classWeights=1,2", of = resize(64)) shouldBe resize(64).warmUp(0.1).classWeights(1.0, 2.0)
        }

        test("another recipe has another hash, and the same one the same") {
            set("epochs=1").hash() shouldNotBe recipe.hash()
            set("stage1.epochs=4").hash() shouldBe recipe.hash()
        }

        test("what cannot be said is refused in a sentence") {
            refusal("epoch=3") shouldBe "--set epoch: there is no such word; did you mean 'epochs'?"
            refusal("stage1.epoch=3") shouldBe "--set stage1.epoch: there is no such word; did you mean 'epochs'?"
            refusal("dropout=3")!! shouldStartWith "--set dropout: there is no such word; there are "
            refusal("dropout=3")!! shouldContain "labelSmoothing, learningRate, lighting"
            refusal("stage3.epochs=3") shouldBe "--set stage3.epochs: the recipe has 2 stages"
            refusal("epochs=0") shouldBe "--set epochs: epochs must be at least 1, but is 0"
            refusal("epochs=two") shouldBe "--set epochs: it must be a whole number, but is 'two'"
            refusal("epochs") shouldBe "--set epochs: it needs one value, epochs=3"
            refusal("labelSmoothing=3") shouldBe "--set labelSmoothing: epsilon must be at least 0 and below 1, but is 3"
            refusal("tta=much") shouldBe "--set tta: it takes a whole number (passes) or the name of a TestTimeViews, but is given 'much'"
            refusal("=3") shouldBe "--set: '=3' names no word; write WORD=VALUE, for instance epochs=3"
        }
    })
