package dev.leaven.dsl.cli

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.shouldBe
import java.nio.file.Files

class CompletionSpec :
    FunSpec({
        val script = tempdir().toPath().resolve("leaven completion")

        fun bash(vararg words: String): List<String>? {
            val line = words.joinToString(" ")
            val command =
                "source '$script'; COMP_WORDS=($line ''); COMP_CWORD=${words.size}; " +
                    "_complete_leaven; printf '%s\\n' \"\${COMPREPLY[@]}\""
            val process =
                try {
                    ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start()
                } catch (_: java.io.IOException) {
                    return null
                }
            val out = process.inputStream.bufferedReader().readLines()
            process.waitFor() shouldBe 0
            return out.map(String::trim)
        }

        // Where there is no bash there is nothing to complete in it.
        test("bash completes commands") {
            Files.writeString(script, leaven("completion").out)

            bash("leaven")?.shouldContainAll("train", "explain", "doctor", "new", "completion", "data")
            bash("leaven", "data")?.shouldContainAll("list", "get", "show")
        }
    })
