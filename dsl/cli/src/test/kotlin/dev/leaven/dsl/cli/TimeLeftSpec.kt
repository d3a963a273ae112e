package dev.leaven.dsl.cli

import dev.leaven.dsl.Recipe.resize
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class TimeLeftSpec :
    FunSpec({
        // Four epochs of 10 steps: two at 32 px and two at 64 px, whose steps cost four times as much.
        val plan =
            resize(32)
                .epochs(2)
                .batchSize(20)
                .then(64)
                .epochs(2)
                .batchSize(20)
                .plan(BlackSquares(200))

        test("larger images take longer in proportion to their pixels") {
            val left = TimeLeft(plan, 0)
            left.epoch(1)
            left.after(10, 1_000) shouldBe 9_000
            left.epoch(3)
            left.after(5, 4_000) shouldBe 6_000
        }

        test("a resumed run counts only what it did itself") {
            val left = TimeLeft(plan, 0)
            left.epoch(3)
            left.after(5, 2_000) shouldBe 6_000
        }

        test("nothing is said after the first steps") {
            val left = TimeLeft(plan, 0)
            left.epoch(1)
            left.after(2, 1_000) shouldBe null
        }
    })
