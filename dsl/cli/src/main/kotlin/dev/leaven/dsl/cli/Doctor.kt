package dev.leaven.dsl.cli

import dev.leaven.runtime.machine.Verdict
import picocli.CommandLine.Command
import picocli.CommandLine.Option
import picocli.CommandLine.ParentCommand
import java.util.Locale
import java.util.concurrent.Callable

/** `leaven doctor`. */
@Command(
    name = "doctor",
    description = ["Say what training finds on this machine: TensorFlow, devices, processor, memory, what is missing and what to do."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = ["0:training can run; there may be advice", "1:it cannot; what to do is said"],
    footer = ["", "Examples:", "  leaven doctor", "  leaven doctor --recheck", "  leaven doctor --json | jq .devices"],
)
internal class Doctor : Callable<Int> {
    @ParentCommand
    private lateinit var leaven: Leaven

    @Option(names = ["--json"], description = ["Print it in JSON."])
    private var json: Boolean = false

    @Option(names = ["--recheck"], description = ["Check anew what this machine computes, also the layers of models checked before."])
    private var recheck: Boolean = false

    override fun call(): Int {
        val diagnosis = Diagnosis.ofProcess(Leaven.version(), recheck)
        leaven.console.out.print(if (json) Json.pretty(diagnosis) + "\n" else text(diagnosis))
        return if (diagnosis.problems.isEmpty()) Leaven.DONE else Leaven.FAILED
    }

    internal companion object {
        private const val WIDTH = 15

        fun text(diagnosis: Diagnosis): String =
            with(diagnosis) {
                val lines = mutableListOf<Pair<String, String>>()
                lines += "Leaven" to leaven
                lines += "Java" to java
                lines += "system" to system
                lines += "TensorFlow" to (tensorflow?.let { "$it, library for $library" } ?: "does not start")
                lines += "devices" to (if (devices.isEmpty()) "none" else devices.joinToString(", ") { it.name.removePrefix("/device:") })
                lines += "processor" to listOf(processor.name, threads(processor.threads)).filter { it.isNotEmpty() }.joinToString(", ")
                lines += "instructions" to processor.instructionSets.joinToString(", ").ifEmpty { "not known here" }
                verdict?.let { lines += ofVerdict(it, verdictFile) }
                lines += "memory" to Bytes.text(memoryBytes) + (memoryFreeBytes?.let { ", ${Bytes.text(it)} free" } ?: "")
                lines += "Java heap" to "at most ${Bytes.text(javaHeapBytes)}; tensors are outside of it"
                lines += "GPU" to if (gpuDevices.isEmpty()) "none of NVIDIA's" else gpuDevices.joinToString(", ")
                libraries(diagnosis)?.let { lines += "GPU libraries" to it }
                lines += "data sets" to home + (homeFreeBytes?.let { ", ${Bytes.text(it)} free" } ?: "")
                val table = lines.joinToString("\n") { (name, value) -> name.padEnd(WIDTH) + value }
                val said = problems.map { "problem: $it" } + advice.map { "advice: $it" }
                val end = if (problems.isEmpty()) "training can run here" else "training cannot run here"
                (listOf(table, "") + said + end).joinToString("\n", postfix = "\n")
            }

        private fun ofVerdict(
            verdict: Verdict,
            file: String,
        ) = listOf(
            "checked" to "%s, in %.1f s, kept in %s".format(Locale.ROOT, verdict.date(), verdict.seconds(), file),
            "float32" to verdict.float32().describe(),
            "bfloat16" to bfloat16(verdict),
        )

        private fun bfloat16(verdict: Verdict): String {
            val gpu = verdict.gpu().map { it.precision() }.orElse(null)
            val time = verdict.bfloat16Time()
            return when {
                gpu != null -> {
                    "the GPU's fastest precision is ${gpu.name.lowercase()}, which precision AUTO computes in"
                }

                !verdict.fasterInBfloat16() && time.isPresent -> {
                    "takes %.2g times as long as float32: precision AUTO computes in float32".format(Locale.ROOT, time.asDouble)
                }

                !verdict.bfloat16().allowsTraining() -> {
                    "${verdict.bfloat16().describe()}: a model is trained in it only where its own layers are correct"
                }

                else -> {
                    "correct, and takes %.2g times as long as float32: precision AUTO computes in it from 32 px on"
                        .format(Locale.ROOT, time.orElse(1.0))
                }
            }
        }

        private fun threads(count: Int) = if (count == 1) "1 thread" else "$count threads"

        private fun libraries(diagnosis: Diagnosis): String? {
            val (found, missing) = diagnosis.gpuLibraries.partition { it.found }
            return when {
                diagnosis.gpuLibraries.isEmpty() -> {
                    null
                }

                missing.isEmpty() -> {
                    "all found"
                }

                else -> {
                    listOf("found" to found, "missing" to missing)
                        .filter { (_, all) -> all.isNotEmpty() }
                        .joinToString("; ") { (word, all) -> "$word ${all.joinToString(", ") { it.name }}" } +
                        if (diagnosis.gpuDevices.isEmpty()) "; not needed without a GPU" else ""
                }
            }
        }
    }
}
