package dev.leaven.dsl.cli

import com.fasterxml.jackson.databind.ObjectMapper
import dev.leaven.runtime.internal.tensorflow.Device
import dev.leaven.runtime.internal.tensorflow.GpuLibrary
import dev.leaven.runtime.internal.tensorflow.Processor
import dev.leaven.runtime.machine.Finding
import dev.leaven.runtime.machine.Gpu
import dev.leaven.runtime.machine.Machine
import dev.leaven.runtime.machine.Verdict
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import java.io.IOException
import java.util.Optional
import java.util.OptionalDouble

class DoctorSpec :
    FunSpec({
        val cpu = Device("/device:CPU:0", "CPU", 0)
        val found =
            listOf("libcuda.so.1", "libcudart.so.12", "libcudnn.so.9").map {
                GpuLibrary(
                    it,
                    if ("cudnn" in
                        it
                    ) {
                        "cuDNN 9"
                    } else {
                        "CUDA 12"
                    },
                    true,
                )
            }
        val right = Finding(Finding.Kind.RIGHT, "", "")
        val unchecked = Finding(Finding.Kind.UNCHECKED, "", "bfloat16 was not checked")
        val sound =
            Diagnosis(
                leaven = "1.0",
                java = "17",
                system = "Linux 6, amd64",
                tensorflow = "2.18.0",
                library = "linux-x86_64",
                devices = listOf(cpu),
                processor = Processor("A processor", 2, listOf("AVX2", "FMA")),
                verdict =
                    Verdict(
                        "processor: A processor",
                        "2026-11-30T20:00:13Z",
                        4.1,
                        right,
                        unchecked,
                        OptionalDouble.of(1.12),
                        Optional.empty(),
                    ),
                verdictFile = "/home/me/.cache/leaven/machines/4eb8687a.json",
                memoryBytes = 8_000_000_000,
                memoryFreeBytes = 6_000_000_000,
                javaHeapBytes = 2_000_000_000,
                gpuLibraries = found.map { it.copyMissing() },
                gpuDevices = listOf(),
                home = "/home/me/.cache/leaven",
                homeFreeBytes = 90_000_000_000,
                problems = listOf(),
                advice = listOf(),
            )

        test("doctor says what is here, and that training can run") {
            val said = leaven("doctor")

            said.code shouldBe 0
            said.out shouldContain "TensorFlow     2.18.0, library for "
            said.out shouldContain "devices        CPU:0"
            said.out shouldEndWith "training can run here\n"
        }

        test("a recheck replaces the verdict") {
            val before = Machine.ofProcess().verdict()
            val said = leaven("doctor", "--recheck", "--json")

            val json = ObjectMapper().readTree(said.out)
            json["verdict"]["machine"].asText() shouldBe before.machine()
            (json["verdict"]["date"].asText() > before.date()) shouldBe true
            json["verdict"]["float32"]["kind"].asText() shouldBe before.float32().kind().name
            Machine.ofProcess().verdict().date() shouldBe json["verdict"]["date"].asText()
            said.err shouldContain "leaven: checking this machine once, which takes a few seconds\n"
        }

        test("what a check means for training") {
            Diagnosis.checkAdvice(Result.success(sound.verdict!!)) shouldBe null
            Diagnosis.checkAdvice(Result.failure(IOException("the process for it ended before it computed anything"))) shouldBe
                "this machine could not be checked (the process for it ended before it computed anything), so training takes " +
                "TensorFlow's plain kernels, which are slower: allow child processes, or set LEAVEN_KERNELS=onednn to take the fast " +
                "kernels unchecked"
            val layer = "a 3×3 convolution of 144 to 32 channels at 7 px"
            val wrong = Finding(Finding.Kind.WRONG_GRADIENT, layer, "46 % of the largest value")
            val verdict = Verdict("a machine", "", 4.0, wrong, right, OptionalDouble.of(0.5), Optional.empty())
            Diagnosis.checkAdvice(Result.success(verdict)) shouldBe
                "with oneDNN's kernels, the gradient of $layer is off by 46 % of the largest value: the layers of each model are " +
                "checked before it is trained here, and where one is wrong TensorFlow's plain kernels are taken, which are slower"
        }

        test("bfloat16, as it was measured") {
            fun line(
                finding: Finding,
                time: Double,
                gpu: Gpu? = null,
            ): String {
                val verdict = Verdict("a machine", "", 4.0, right, finding, OptionalDouble.of(time), Optional.ofNullable(gpu))
                return Doctor.text(sound.copy(verdict = verdict)).lines().first { it.startsWith("bfloat16") }
            }
            line(right, 0.52) shouldBe
                "bfloat16       correct, and takes 0.52 times as long as float32: precision AUTO computes in it from 32 px on"
            line(Finding(Finding.Kind.UNREPEATABLE, "a 3×3 convolution of 5 to 24 channels at 7 px", ""), 0.52) shouldBe
                "bfloat16       a 3×3 convolution of 5 to 24 channels at 7 px gives another result each time: a model is trained in it " +
                "only where its own layers are correct"
            line(right, 1.0, Gpu("a GPU", 8, 0)) shouldBe
                "bfloat16       the GPU's fastest precision is bfloat16, which precision AUTO computes in"
        }

        test("a machine reads it") {
            val json = ObjectMapper().readTree(leaven("doctor", "--json").out)

            json["tensorflow"].asText() shouldBe "2.18.0"
            json["devices"][0]["type"].asText() shouldBe "CPU"
            json["processor"]["threads"].asInt() shouldBe Runtime.getRuntime().availableProcessors()
            json["problems"].size() shouldBe 0
            json["gpuLibraries"].first { it["name"].asText() == "libcudnn.so.9" }["of"].asText() shouldBe "cuDNN 9"
        }

        test("the whole text") {
            Doctor.text(sound) shouldBe
                """
                Leaven         1.0
                Java           17
                system         Linux 6, amd64
                TensorFlow     2.18.0, library for linux-x86_64
                devices        CPU:0
                processor      A processor, 2 threads
                instructions   AVX2, FMA
                checked        2026-11-30T20:00:13Z, in 4.1 s, kept in /home/me/.cache/leaven/machines/4eb8687a.json
                float32        every layer checked is correct
                bfloat16       takes 1.1 times as long as float32: precision AUTO computes in float32
                memory         8.0 GB, 6.0 GB free
                Java heap      at most 2.0 GB; tensors are outside of it
                GPU            none of NVIDIA's
                GPU libraries  missing libcuda.so.1, libcudart.so.12, libcudnn.so.9; not needed without a GPU
                data sets      /home/me/.cache/leaven, 90.0 GB free

                training can run here

                """.trimIndent()
        }

        test("a problem is said with its remedy") {
            val broken =
                sound.copy(
                    tensorflow = null,
                    library = null,
                    devices = listOf(),
                    problems = listOf(NativeLibrary.remedy(null, Error("x"))),
                )

            Doctor.text(broken) shouldContain "TensorFlow     does not start"
            Doctor.text(broken) shouldEndWith
                "problem: TensorFlow's native library is not on the class path: add org.tensorflow:tensorflow-core-native:1.1.0 with the " +
                "classifier of this machine, one of linux-x86_64-gpu, linux-x86_64, linux-arm64, macosx-arm64, windows-x86_64\n" +
                "training cannot run here\n"
        }

        test("a GPU that is not used is said with what to do") {
            fun advice(
                library: String,
                libraries: List<GpuLibrary> = found,
                gpus: List<String> = listOf("/dev/nvidia0"),
                devices: List<Device> = listOf(cpu),
            ) = Diagnosis.gpuAdvice(library, libraries, gpus, devices)

            advice("linux-x86_64", gpus = listOf()) shouldBe null
            advice("linux-x86_64-gpu", devices = listOf(cpu, Device("/device:GPU:0", "GPU", 1))) shouldBe null
            advice("linux-x86_64") shouldBe
                "there is an NVIDIA GPU, but TensorFlow's library is the one without GPUs: take the classifier linux-x86_64-gpu " +
                "of tensorflow-core-native, or build with ./mvnw -Pgpu"
            advice("linux-x86_64-gpu", listOf(found[0], found[1], found[2].copyMissing())) shouldBe
                "there is an NVIDIA GPU, but libcudnn.so.9 cannot be opened: install cuDNN 9, or name their folder in LD_LIBRARY_PATH"
            advice("linux-x86_64-gpu", listOf(found[0].copyMissing(), found[1])) shouldBe
                "there is an NVIDIA GPU, but no driver: install it (libcuda.so.1 is missing)"
            advice("linux-x86_64-gpu") shouldBe
                "there is an NVIDIA GPU and all libraries, but TensorFlow does not use it: TF_CPP_MIN_LOG_LEVEL=0 makes it say why"
        }
    })

private fun GpuLibrary.copyMissing() = GpuLibrary(name, of, false)
