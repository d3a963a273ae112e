package dev.leaven.dsl.cli

import dev.leaven.runtime.data.LeavenHome
import dev.leaven.runtime.internal.tensorflow.Device
import dev.leaven.runtime.internal.tensorflow.GpuLibrary
import dev.leaven.runtime.internal.tensorflow.Processor
import dev.leaven.runtime.machine.Machine
import dev.leaven.runtime.machine.Verdict
import org.tensorflow.TensorFlow
import java.lang.management.ManagementFactory
import java.nio.file.Files
import java.nio.file.Path

/**
 * What this machine offers for training, and what prevents training or makes it slower.
 *
 * @property problems must be solved before anything can be trained
 * @property advice what would make training faster, or is missing to use all of the machine
 */
internal data class Diagnosis(
    val leaven: String,
    val java: String,
    val system: String,
    val tensorflow: String?,
    val library: String?,
    val devices: List<Device>,
    val processor: Processor,
    val verdict: Verdict?,
    val verdictFile: String,
    val memoryBytes: Long,
    val memoryFreeBytes: Long?,
    val javaHeapBytes: Long,
    val gpuLibraries: List<GpuLibrary>,
    val gpuDevices: List<String>,
    val home: String,
    val homeFreeBytes: Long?,
    val problems: List<String>,
    val advice: List<String>,
) {
    companion object {
        private const val LITTLE_MEMORY = 4L shl 30
        private const val LITTLE_DISK = 5L shl 30

        fun ofProcess(
            leaven: String,
            recheck: Boolean = false,
        ): Diagnosis {
            val library = NativeLibrary.onClassPath()
            // Before TensorFlow is loaded, which fixes the kernels of this process.
            val machine = Machine.ofProcess()
            val checked = runCatching { if (recheck) machine.recheck() else machine.verdict() }
            runCatching { machine.use() }
            val started = runCatching { TensorFlow.version() to Device.all() }
            val (version, devices) = started.getOrElse { null to listOf() }
            val libraries = if (version != null && isLinux()) GpuLibrary.all() else listOf()
            val gpus = gpuDevices()
            val home = LeavenHome.ofProcess()
            val system = ManagementFactory.getOperatingSystemMXBean() as? com.sun.management.OperatingSystemMXBean
            val memory = system?.totalMemorySize ?: 0
            val free = freeMemory()
            val disk = freeDisk(home)
            return Diagnosis(
                leaven = leaven,
                java = "${System.getProperty("java.version")} (${System.getProperty("java.vendor")}), ${System.getProperty("java.home")}",
                system = "${System.getProperty("os.name")} ${System.getProperty("os.version")}, ${System.getProperty("os.arch")}",
                tensorflow = version,
                library = library,
                devices = devices,
                processor = Processor.here(),
                verdict = checked.getOrNull(),
                verdictFile = machine.file().toString(),
                memoryBytes = memory,
                memoryFreeBytes = free,
                javaHeapBytes = Runtime.getRuntime().maxMemory(),
                gpuLibraries = libraries,
                gpuDevices = gpus,
                home = home.toString(),
                homeFreeBytes = disk,
                problems = started.exceptionOrNull()?.let { listOf(NativeLibrary.remedy(library, it)) } ?: listOf(),
                advice =
                    listOfNotNull(
                        checkAdvice(checked),
                        gpuAdvice(library, libraries, gpus, devices),
                        free?.takeIf { it < LITTLE_MEMORY }?.let {
                            "only ${Bytes.text(it)} of memory are free: end other programs, or choose a smaller batchSize"
                        },
                        disk?.takeIf { it < LITTLE_DISK }?.let {
                            "only ${Bytes.text(it)} are free where data sets are kept ($home): LEAVEN_HOME names another folder"
                        },
                    ),
            )
        }

        /** What the check of the machine means for training; null if all is well. */
        fun checkAdvice(checked: Result<Verdict>): String? {
            val failure = checked.exceptionOrNull()
            val verdict = checked.getOrNull()
            return when {
                failure != null -> {
                    "this machine could not be checked (${failure.message}), so training takes TensorFlow's plain kernels, which are " +
                        "slower: allow child processes, or set ${Machine.FORCE_VARIABLE}=onednn to take the fast kernels unchecked"
                }

                verdict != null && !verdict.float32().allowsTraining() -> {
                    "with oneDNN's kernels, ${verdict.float32().describe()}: the layers of each model are checked before it is " +
                        "trained here, and where one is wrong TensorFlow's plain kernels are taken, which are slower"
                }

                else -> {
                    null
                }
            }
        }

        /** What to do about a GPU that is not used; null if there is nothing to do. */
        fun gpuAdvice(
            library: String?,
            libraries: List<GpuLibrary>,
            gpus: List<String>,
            devices: List<Device>,
        ): String? {
            val missing = libraries.filterNot { it.found }
            return when {
                devices.any { it.type == "GPU" } -> {
                    null
                }

                gpus.isEmpty() && library?.endsWith("-gpu") != true -> {
                    null
                }

                gpus.isEmpty() -> {
                    "TensorFlow's library is the one for GPUs, but there is no GPU here: the one without is smaller"
                }

                library?.endsWith("-gpu") != true -> {
                    "there is an NVIDIA GPU, but TensorFlow's library is the one without GPUs: take the classifier $library-gpu " +
                        "of tensorflow-core-native, or build with ./mvnw -Pgpu"
                }

                missing.any { it.name == "libcuda.so.1" } -> {
                    "there is an NVIDIA GPU, but no driver: install it (libcuda.so.1 is missing)"
                }

                missing.isNotEmpty() -> {
                    "there is an NVIDIA GPU, but ${missing.joinToString(", ") { it.name }} cannot be opened: install " +
                        "${missing.map { it.of }.distinct().joinToString(" and ")}, or name their folder in LD_LIBRARY_PATH"
                }

                else -> {
                    "there is an NVIDIA GPU and all libraries, but TensorFlow does not use it: TF_CPP_MIN_LOG_LEVEL=0 makes it say why"
                }
            }
        }

        private fun isLinux() = System.getProperty("os.name").startsWith("Linux")

        private fun gpuDevices(): List<String> =
            Path.of("/dev").let { folder ->
                if (Files.isDirectory(folder)) {
                    Files.list(folder).use { files ->
                        files
                            .map { it.toString() }
                            .filter { GPU.matches(it) }
                            .sorted()
                            .toList()
                    }
                } else {
                    listOf()
                }
            }

        private fun freeMemory(): Long? =
            runCatching {
                Files
                    .readAllLines(Path.of("/proc/meminfo"))
                    .first { it.startsWith("MemAvailable:") }
                    .let { line -> line.filter(Char::isDigit).toLong() shl 10 }
            }.getOrNull()

        private fun freeDisk(folder: Path): Long? =
            runCatching {
                generateSequence(folder.toAbsolutePath()) { it.parent }
                    .first(Files::exists)
                    .let { Files.getFileStore(it).usableSpace }
            }.getOrNull()

        private val GPU = Regex("/dev/nvidia\\d+")
    }
}

/** TensorFlow's native library, which the user chooses by a classifier. */
internal object NativeLibrary {
    private val CLASSIFIERS =
        listOf("linux-x86_64-gpu", "linux-x86_64", "linux-arm64", "macosx-arm64", "windows-x86_64")

    /** The classifier of the one on the class path, or null if there is none. */
    fun onClassPath(): String? =
        CLASSIFIERS.firstOrNull { classifier ->
            val folder = "org/tensorflow/internal/c_api/$classifier"
            listOf("libtensorflow_cc.so.2", "libtensorflow_cc.2.dylib", "tensorflow_cc.dll", "libjnitensorflow.so", "jnitensorflow.dll")
                .any { NativeLibrary::class.java.classLoader.getResource("$folder/$it") != null }
        }

    /** Why TensorFlow does not start, and what to do. */
    fun remedy(
        library: String?,
        error: Throwable,
    ): String {
        val reason = generateSequence(error) { it.cause }.last().message ?: error.toString()
        return if (library == null) {
            "TensorFlow's native library is not on the class path: add org.tensorflow:tensorflow-core-native:1.1.0 with the " +
                "classifier of this machine, one of ${CLASSIFIERS.joinToString(", ")}"
        } else {
            "TensorFlow's library for $library does not start here: $reason"
        }
    }
}
