package dev.leaven.dsl.cli

import com.sun.net.httpserver.HttpServer
import dev.leaven.dsl.script.RecipeFile
import dev.leaven.runtime.data.catalogue.Datasets
import dev.leaven.runtime.data.catalogue.ImagenetteSize
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.string.shouldStartWith
import org.apache.commons.compress.archivers.tar.TarArchiveEntry
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import java.net.InetAddress
import java.net.InetSocketAddress
import java.nio.file.Files
import java.util.zip.GZIPOutputStream

class DataSpec :
    FunSpec({
        val picture = File("../src/test/resources/grey.png").readBytes()
        val bytes = ByteArrayOutputStream()
        TarArchiveOutputStream(GZIPOutputStream(bytes)).use { tar ->
            listOf("train/n02086240/1", "train/n02115641/2", "val/n02086240/3", "val/n02115641/4").forEach {
                tar.putArchiveEntry(TarArchiveEntry("imagewoof2-160/$it.JPEG").apply { size = picture.size.toLong() })
                tar.write(picture)
                tar.closeArchiveEntry()
            }
        }
        val archive = bytes.toByteArray()
        val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
        val mirror = "http://127.0.0.1:${server.address.port}/"
        val folder = tempdir().toPath()

        beforeSpec {
            server.createContext("/") { exchange ->
                val found = exchange.requestURI.path == "/imagewoof2-160.tgz"
                exchange.sendResponseHeaders(if (found) 200 else 404, if (found) archive.size.toLong() else -1)
                exchange.responseBody.use { if (found) it.write(archive) }
            }
            server.start()
            System.setProperty("leaven.home", "$folder/home")
            System.setProperty("leaven.mirror", mirror)
        }

        afterSpec {
            server.stop(0)
            System.clearProperty("leaven.home")
            System.clearProperty("leaven.mirror")
        }

        test("data get downloads into the folder that is asked for") {
            val to = folder.resolve("woof")
            leaven("data", "get", "imagewoof-160", "--to", "$to") shouldBe
                Said(
                    0,
                    "imagewoof2-160.tgz: downloading ${Bytes.text(archive.size.toLong())}\n" +
                        "imagewoof2-160.tgz: unpacking\nimagewoof-160 is in $to\n",
                    "",
                )
            Files.isRegularFile(to.resolve("train/n02086240/1.JPEG")) shouldBe true
            leaven("data", "get", "imagewoof-160", "--to", "$to") shouldBe Said(0, "imagewoof-160 is in $to\n", "")
        }

        test("a script names a published data set, which is downloaded for it") {
            val script = Files.writeString(folder.resolve("woof.recipe.kts"), "data = imagewoof(160)\nresize(32)")
            val said = leaven("explain", "$script")

            said.err shouldBe ""
            said.code shouldBe 0
            said.out shouldStartWith "imagewoof2-160.tgz: downloading "
            said.out shouldContain "2 images to train on, 2 to validate on"
            leaven("explain", "$script").out shouldStartWith "resize(32)\n"
            leaven("explain", "$script", "--data", "$folder/woof").out shouldContain "ImageFolder: $folder/woof"
        }

        test("every data set has its word in scripts") {
            mapOf(
                "imagenette()" to Datasets.imagenette(),
                "imagenette(320)" to Datasets.imagenette(ImagenetteSize.PX320),
                "imagewoof(null)" to Datasets.imagewoof(ImagenetteSize.FULL),
                "fashionMnist()" to Datasets.fashionMnist(),
                "flowers102()" to Datasets.flowers102(),
                "if (1 > 2) mnist() else if (1 > 3) cifar10() else if (1 > 4) cifar100() else oxfordPets()" to
                    Datasets.oxfordPets(),
            ).forEach { (word, source) ->
                val script = Files.writeString(folder.resolve("words.recipe.kts"), "data = $word\nresize(32)")
                RecipeFile(script, folder.resolve("cache")).read().data shouldBe source
            }
        }

        test("data list shows what there is, and what is here") {
            val said = leaven("data", "list")
            said.code shouldBe 0
            said.err shouldBe ""
            val lines = said.out.lines()
            lines shouldContain "  mnist              12 MB  70,000 handwritten digits, grey, 28 px"
            lines shouldContain "  cifar10           170 MB  60,000 pictures, colour, 32 px, 10 classes"
            lines shouldContain "  flowers102        345 MB  8,189 photographs of flowers, 102 classes"
            lines shouldContain "                            none stated; https://www.robots.ox.ac.uk/~vgg/data/flowers/102/"
            lines shouldContain "* imagewoof-160          ?  photographs, 10 breeds of dogs, 160 px"
            lines shouldContain "                            MIT; https://github.com/zalandoresearch/fashion-mnist"
        }

        test("an unknown name is exit code 2, a file that is not to be had exit code 1") {
            leaven("data", "get", "imagenet").let {
                it.code shouldBe 2
                it.err shouldStartWith "leaven: there is no data set 'imagenet'; there are imagenette-160, "
            }
            leaven("data", "get", "imagewoof-320") shouldBe
                Said(
                    1,
                    "",
                    "leaven: ${mirror}imagewoof2-320.tgz: the server answers 404; " +
                        "put the file at $folder/home/downloads/imagewoof2-320.tgz, " +
                        "or set LEAVEN_MIRROR to the address of a folder with imagewoof2-320.tgz\n",
                )
            leaven("data") shouldBe Said(2, "", "leaven: missing required command: list, get or show; see leaven data --help\n")
        }

        test("help has examples") {
            listOf(leaven("data", "--help"), leaven("data", "get", "-h"), leaven("data", "list", "-h")).forEach {
                it.code shouldBe 0
                it.out shouldContain "Example"
            }
        }

        test("a terminal gets a bar, and lines are left behind") {
            val out = ByteArrayOutputStream()
            val stream = PrintStream(out, true, Charsets.UTF_8)
            DownloadProgress(Console(stream, stream, 100)).use { progress ->
                progress.onBytes("pets.tgz", 0, 80_000_000)
                progress.onBytes("pets.tgz", 40_000_000, 80_000_000)
                progress.onUnpack("pets.tgz")
            }
            val text = out.toString(Charsets.UTF_8)
            text shouldContain "\rpets.tgz ━━━━━━━━━━━━──────────── 40/80  MB"
            text shouldEndWith "\r\u001b[Kpets.tgz: unpacking${System.lineSeparator()}"
        }

        test("a pipe gets a line for every tenth") {
            val out = ByteArrayOutputStream()
            val stream = PrintStream(out, true, Charsets.UTF_8)
            val progress = DownloadProgress(Console(stream, stream, null))
            (0..100L).forEach { progress.onBytes("pets.tgz", it * 800_000, 80_000_000) }
            val lines = out.toString(Charsets.UTF_8).lines()
            lines.take(3) shouldBe listOf("pets.tgz: downloading 80 MB", "pets.tgz: 8 MB of 80 MB", "pets.tgz: 16 MB of 80 MB")
            lines.size shouldBe 12
        }
    })
