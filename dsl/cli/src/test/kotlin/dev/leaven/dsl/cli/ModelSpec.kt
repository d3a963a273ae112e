package dev.leaven.dsl.cli

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.string.shouldStartWith

class ModelSpec :
    FunSpec({
        test("model summary shows layers and sums") {
            val said = leaven("model", "summary", "resnet18", "--classes", "1000")
            said.code shouldBe 0
            said.err shouldBe ""
            said.out shouldStartWith "ResNet-18, 224×224 images of 3 channels, 1,000 classes\n\nlayer "
            said.out shouldContain Regex("conv1 +convolution 7×7 / 2 +112×112×64 +9,408 +118,013,952\n")
            // torchvision: 11,689,512 parameters, 1.814 billion multiply-adds.
            said.out shouldContain "\n11,689,512 parameters; with running statistics 46.8 MB in float32\n1,814.07 million"
        }

        test("model summary takes size and channels") {
            val said = leaven("model", "summary", "XResNet18", "--size", "64", "--channels", "1")
            said.code shouldBe 0
            said.out shouldStartWith "XResNet-18, 64×64 images of 1 channel, 10 classes\n"
            said.out shouldContain Regex("stem.0.conv +convolution 3×3 / 2 +32×32×32 +288 ")
        }

        test("model list names what model summary takes") {
            val said = leaven("model", "list")
            said.code shouldBe 0
            said.out shouldStartWith "xresnet18      XResNet-18\n"
            said.out shouldEndWith "convnext-tiny  ConvNeXt-Tiny\n"
        }

        test("a model that does not exist is a mistake of the user's") {
            val said = leaven("model", "summary", "resnet20")
            said.code shouldBe 2
            said.err shouldStartWith "leaven: there is no model resnet20; there are xresnet18,"
        }

        test("a size that is too small is a mistake of the user's") {
            leaven("model", "summary", "resnet18", "--size", "8") shouldBe
                Said(2, "", "leaven: model summary: size must be at least 16, but is 8\n")
        }
    })
