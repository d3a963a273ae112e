package dev.leaven.dsl.cli

import dev.leaven.dsl.EpochLines
import dev.leaven.dsl.Recipe.resize
import dev.leaven.runtime.evaluate.Scores
import dev.leaven.runtime.plan.EpochReport
import dev.leaven.runtime.run.DamagedFile
import dev.leaven.runtime.run.DamagedFile.Part
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import java.util.Optional

class TerminalProgressSpec :
    FunSpec({
        test("draws a bar while an epoch lasts and leaves its line behind") {
            val bytes = ByteArrayOutputStream()
            val out = PrintStream(bytes, true, Charsets.UTF_8)
            val progress = TerminalProgress(out, EpochLines(out), 100)
            val plan = resize(32).epochs(1).plan(BlackSquares(200))
            val stage = plan.stages().single()
            val report =
                EpochReport(
                    1,
                    1,
                    32,
                    1.5,
                    Optional.of(0.4),
                    Scores(20, 1.0, 0.9, 0.5, 0.9),
                    Optional.empty(),
                    1e-3,
                    2.0,
                    1.5,
                    100.0,
                    0.0,
                    0,
                )

            progress.onStart(plan, Path.of("runs", "pets"), 0)
            progress.onPhase("compiling the graph")
            progress.onEpochStart(1, 1, stage)
            progress.onDamaged(listOf(DamagedFile(Part.TRAINING, 0, Path.of("7.jpg"), "is empty")))
            progress.onStep(3, stage, 1.75)
            progress.onEpoch(report, true)

            val text = bytes.toString(Charsets.UTF_8)
            text shouldContain "\rcompiling the graph …\u001b[K"
            text shouldContain "\repoch 1/1 ━━━━━━━━━━━━━━━━━━━━━━━━ 3/3  loss 1.7500"
            val newLine = System.lineSeparator()
            text shouldContain "\r\u001b[K7.jpg is empty; another image takes its place$newLine"
            text shouldEndWith
                "\r\u001b[Kepoch size  train train-top-1  valid  plain  top-1  top-5  seconds images/s  wait$newLine" +
                "    1   32 1.5000       40.00 1.0000 0.9000  50.00  90.00      2.0      100   0 % *$newLine"
        }
    })
