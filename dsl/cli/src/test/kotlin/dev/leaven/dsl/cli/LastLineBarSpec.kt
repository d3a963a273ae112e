package dev.leaven.dsl.cli

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.string.shouldContain
import java.io.ByteArrayOutputStream
import java.io.PrintStream

class LastLineBarSpec :
    FunSpec({
        test("is not drawn into lines that are being written above it") {
            val bytes = ByteArrayOutputStream()
            val out = PrintStream(bytes, true, Charsets.UTF_8)
            LastLineBar(out, 100, "epoch 1/1", 3).use { bar ->
                bar.above {
                    bar.done(1)
                    Thread.sleep(SEVERAL_REDRAWS_MILLIS)
                    out.print("7.jpg is empty\n")
                }
            }
            bytes.toString(Charsets.UTF_8) shouldContain "\r\u001b[K7.jpg is empty\n\repoch 1/1 "
        }
    })

private const val SEVERAL_REDRAWS_MILLIS = 700L
