package dev.leaven.dsl.cli

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class BarLineSpec :
    FunSpec({
        test("draws the share that is done") {
            BarLine.line("epoch 3/10", 57, 114, "loss 1.8210", 100) shouldBe
                "epoch 3/10 ━━━━━━━━━━━━──────────── 57/114  loss 1.8210"
        }

        test("keeps the numbers on a narrow terminal") {
            BarLine.line("epoch 3/10", 57, 114, "loss 1.8210", 40) shouldBe "epoch 3/10 57/114  loss 1.8210"
            BarLine.line("epoch 3/10", 57, 114, "loss 1.8210", 12) shouldBe "epoch 3/10 5"
        }

        test("names what has no end in sight") {
            BarLine.line("compiling the graph", 0, 0, "", 100) shouldBe "compiling the graph …"
        }
    })
