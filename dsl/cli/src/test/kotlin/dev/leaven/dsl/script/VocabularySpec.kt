package dev.leaven.dsl.script

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class VocabularySpec :
    FunSpec({
        test("finds the word that was meant") {
            Vocabulary.nearest("resze") shouldBe "resize"
            Vocabulary.nearest("mixUp") shouldBe "mixup"
            Vocabulary.nearest("labelSmothing") shouldBe "labelSmoothing"
            Vocabulary.nearest("tat") shouldBe "tta"
            Vocabulary.nearest("imagefolder") shouldBe "imageFolder"
        }

        test("says nothing when no word is near") {
            Vocabulary.nearest("dropout") shouldBe null
            Vocabulary.nearest("x") shouldBe null
        }
    })
