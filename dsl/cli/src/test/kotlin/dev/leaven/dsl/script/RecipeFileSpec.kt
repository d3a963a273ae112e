package dev.leaven.dsl.script

import dev.leaven.dsl.Recipe.resize
import dev.leaven.runtime.data.CsvImages
import dev.leaven.runtime.data.FilesByName
import dev.leaven.runtime.data.GroupSplit
import dev.leaven.runtime.data.IdxFolder
import dev.leaven.runtime.data.ImageFolder
import dev.leaven.runtime.data.ListSplit
import dev.leaven.runtime.data.TfRecords
import dev.leaven.runtime.models.ResNet
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import java.nio.file.Files
import java.nio.file.Path

class RecipeFileSpec :
    FunSpec({
        val folder = tempdir().toPath()
        val cache = folder.resolve("cache")

        fun script(
            name: String,
            text: String,
        ): Path = Files.writeString(folder.resolve("$name.recipe.kts"), text.trimIndent())

        fun refusal(path: Path): String? = shouldThrow<ScriptException> { RecipeFile(path, cache).read() }.message

        test("the sentence is the same value from a script as from code") {
            val sentence = "resize(128).then(224).mixup().labelSmoothing(0.1).tta(4)"
            val scripted = RecipeFile(script("sentence", sentence), cache).read()
            val compiled =
                resize(128)
                    .then(224)
                    .mixup()
                    .labelSmoothing(0.1)
                    .tta(4)

            scripted.recipe shouldBe compiled
            scripted.recipe.hash() shouldBe compiled.hash()
            scripted.data shouldBe null
        }

        test("a script names its data relative to itself, and every technique without an import") {
            val scripted =
                RecipeFile(
                    script(
                        "block",
                        """
                        data = imageFolder("../pets", validFraction = 0.1)

                        recipe {
                            resize(64) { epochs = 2 }
                            model(xresnet18())
                            optimizer(Lookahead(RAdam()))
                            schedule(WarmRestarts(2, 1))
                            mixing(MixUpOrCutMix(MixUp(0.2), CutMix(), 0.3))
                            normalize(Normalize.imagenet())
                            randomResizedCrop(RandomResizedCrop.from(0.35))
                            augment { rotate(15) }
                            lighting(Hue())
                            policy(RandAugment(1, 12))
                            erase(RandomErasing(0.25))
                            tta(TestTimeAugmentation(4))
                        }
                        """,
                    ),
                    cache,
                ).read()

            scripted.data shouldBe ImageFolder.of(folder.resolve("../pets")).validFraction(0.1)
            scripted.recipe.toString() shouldBe
                "resize(64).epochs(2).model(new XResNet(18)).randomResizedCrop(0.35)" +
                ".augment().rotate(15).lighting(new Hue()).randAugment(1, 12).erase(0.25)" +
                ".normalize(Normalize.imagenet()).mixupOrCutmix(0.2, 1, 0.3).optimizer(new Lookahead(new RAdam())).warmRestarts(2, 1, 2).tta(4)"
        }

        test("a script says every kind of data without an import, with names for what it says") {
            fun data(text: String) = RecipeFile(script("data", "data = $text\nresize(32)"), cache).read().data

            data(
                """csvImages("../t/labels.csv", image = "photo", labels = "tags", separator = ";", folder = "jpg", suffix = ".jpg", splitBy = "part")""",
            ) shouldBe
                CsvImages
                    .of(folder.resolve("../t/labels.csv"))
                    .image("photo")
                    .labels("tags", ";")
                    .folder("jpg")
                    .suffix(".jpg")
                    .splitBy("part")
            data("""csvImages("l.csv", oneHot = listOf("a", "b"), groupBy = "who", split = GroupSplit(0.3)).subset(0.1)""") shouldBe
                CsvImages
                    .of(folder.resolve("l.csv"))
                    .oneHot("a", "b")
                    .groupBy("who")
                    .split(GroupSplit(0.3))
                    .subset(0.1)
            data("""csvImages("l.csv", numbers = listOf("age"))""") shouldBe CsvImages.of(folder.resolve("l.csv")).numbers("age")
            data("""csvImages("l.csv", label = "breed")""") shouldBe CsvImages.of(folder.resolve("l.csv")).label("breed")
            data("""filesByName("pets", "^(.+)_\\d+", validFraction = 0.3)""") shouldBe
                FilesByName.of(folder.resolve("pets"), "^(.+)_\\d+").validFraction(0.3)
            data("""imageFolder("pets", split = listSplit("valid.txt"))""") shouldBe
                ImageFolder.of(folder.resolve("pets")).split(ListSplit(folder.resolve("valid.txt")))
            data("""tfRecords("flowers", "train-*", valid = "val-*", label = "image/class/text")""") shouldBe
                TfRecords.of(folder.resolve("flowers"), "train-*").valid("val-*").label("image/class/text")
            data("""labelledFiles("pets", KFold(5, 0)) { it.parent.fileName.toString() }""")?.describe() shouldBe
                "LabelledFiles: ${folder.resolve("pets")}, divided by KFold: fold 0 of 5 for validation, counted from 0"
        }

        test("a script is compiled once") {
            val own = folder.resolve("own cache")
            val path = script("once", "data = idxFolder(\"digits\")\nresize(28)")

            val first = RecipeFile(path, own).read()
            val compiled = Files.list(own).use { it.toList() }
            compiled shouldHaveSize 1
            val time = Files.getLastModifiedTime(compiled.single())
            val second = RecipeFile(path, own).read()

            second shouldBe first
            second.data shouldBe IdxFolder.of(folder.resolve("digits"))
            Files.getLastModifiedTime(compiled.single()) shouldBe time
        }

        test("a damaged cache is of no consequence") {
            val own = folder.resolve("damaged cache")
            val path = script("damaged", "resize(32)")
            RecipeFile(path, own).read()
            Files.list(own).use { it.toList() }.forEach { Files.writeString(it, "no jar") }

            RecipeFile(path, own).read().recipe shouldBe resize(32)
        }

        test("one of several recipes is read by its name") {
            val path =
                script(
                    "several",
                    """
                    data = imageFolder("pets")
                    val baseline = resize(64).epochs(2)
                    private val hidden = resize(32)
                    recipe("mixed", baseline.mixup())
                    recipe("sharp") {
                        resize(96)
                        then(128)
                    }
                    """,
                )

            RecipeFile(path, cache).read("baseline").recipe shouldBe resize(64).epochs(2)
            RecipeFile(path, cache).read("mixed").recipe shouldBe resize(64).epochs(2).mixup()
            val sharp = RecipeFile(path, cache).read("sharp")
            sharp.recipe shouldBe resize(96).then(128)
            sharp.name shouldBe "sharp"
            sharp.data shouldBe ImageFolder.of(folder.resolve("pets"))
            refusal(path) shouldBe "$path: it has 3 recipes: mixed, sharp, baseline; say which one with --recipe NAME"
            shouldThrow<ScriptException> { RecipeFile(path, cache).read("sharpe") }.message shouldBe
                "$path: there is no recipe 'sharpe'; did you mean 'sharp'? It has 3 recipes: mixed, sharp, baseline"
            shouldThrow<ScriptException> { RecipeFile(script("single", "resize(32)"), cache).read("big") }.message shouldBe
                "${folder.resolve("single.recipe.kts")}: there is no recipe 'big', none has a name; leave out --recipe"
        }

        test("without a name the last expression is meant, or the only recipe that has a name") {
            val last = script("last", "val short = resize(32)\nval long = short.epochs(9)\nlong")
            val only = script("only", "recipe(\"only\") { resize(32) }")
            val value = script("value", "val only = resize(32)")

            RecipeFile(last, cache).read().name shouldBe "long"
            RecipeFile(last, cache).read().recipe shouldBe resize(32).epochs(9)
            RecipeFile(only, cache).read().recipe shouldBe resize(32)
            RecipeFile(value, cache).read().name shouldBe "only"
        }

        test("a script asks for arguments") {
            val path =
                script(
                    "asking",
                    """
                    val epochs = args.int("epochs", 5)
                    val rate = args.number("rate", 1e-3)
                    val base = resize(args["size"].toInt()).epochs(epochs).learningRate(rate)
                    if (args.flag("mixed")) base.mixup() else base
                    """,
                )

            fun read(vararg arguments: Pair<String, String>) = RecipeFile(path, cache).read(null, mapOf(*arguments)).recipe

            read("size" to "64") shouldBe resize(64).epochs(5).learningRate(1e-3)
            read("size" to "64", "epochs" to "2", "rate" to "0.01", "mixed" to "yes") shouldBe
                resize(64).epochs(2).learningRate(0.01).mixup()
            shouldThrow<ScriptException> { read() }.message shouldBe
                """
                $path:3:19: args: size is not said; add size=… to the command, or give it a default here
                  val base = resize(args["size"].toInt()).epochs(epochs).learningRate(rate)
                                    ^
                """.trimIndent()
            shouldThrow<ScriptException> { read("size" to "64", "epochs" to "two") }.message shouldBe
                """
                $path:1:14: args: epochs must be a whole number, but is 'two'
                  val epochs = args.int("epochs", 5)
                               ^
                """.trimIndent()
            shouldThrow<ScriptException> { read("size" to "64", "epoch" to "2") }.message shouldBe
                "$path: the script asks for no argument 'epoch'; did you mean 'epochs'? (it asks for epochs, rate, size, mixed)"
        }

        test("data is a block too, and files are relative to the script") {
            val weights = folder.resolve("weights.safetensors")
            val path =
                script(
                    "relative",
                    """
                    data { imageFolder("pets").subset(0.5) }
                    resize(64).model(resnet18()).pretrained("weights.safetensors")
                    """,
                )
            val scripted = RecipeFile(path, cache).read()

            scripted.data shouldBe ImageFolder.of(folder.resolve("pets")).subset(0.5)
            scripted.recipe shouldBe resize(64).model(ResNet(18)).pretrained(weights)
        }

        // These three messages are shown in the documentation, word for word.
        test("a typo in a method is refused with the word that was meant") {
            val path = script("method", "data = imageFolder(\"pets\")\n\nresize(128).then(224)\n    .labelSmothing(0.1)")

            refusal(path) shouldBe
                """
                $path:4:6: there is no 'labelSmothing'; did you mean 'labelSmoothing'?
                      .labelSmothing(0.1)
                       ^
                """.trimIndent()
        }

        test("a wrong type is refused in plain words, with what to write") {
            val path = script("type", "data = imageFolder(\"pets\")\n\nresize(\"128\").tta(4)")

            refusal(path) shouldBe
                """
                $path:3:8: this must be a whole number, but is a text; write 128
                  resize("128").tta(4)
                         ^
                """.trimIndent()
        }

        test("a missing folder is refused where the script names it, with the one that was meant") {
            Files.createDirectories(folder.resolve("photos/pets"))
            val path = script("pets", "data = imageFolder(\"photos/pest\")\n\nresize(128).tta(4)")
            val far = script("far", "data = imageFolder(\"nowhere\", validFraction = 0.1)\nresize(128)")

            // Until it is needed: --data may say another one.
            RecipeFile(path, cache).read().recipe shouldBe resize(128).tta(4)
            shouldThrow<ScriptException> { RecipeFile(path, cache).read().requireData() }.message shouldBe
                """
                $path:1:20: there is no $folder/photos/pest; did you mean 'photos/pets'?
                  data = imageFolder("photos/pest")
                                     ^
                """.trimIndent()
            shouldThrow<ScriptException> { RecipeFile(far, cache).read().requireData() }.message shouldBe
                """
                $far:1:20: there is no $folder/nowhere; paths are relative to the script
                  data = imageFolder("nowhere", validFraction = 0.1)
                                     ^
                """.trimIndent()
        }

        test("other mistakes are told in plain words") {
            val path =
                script(
                    "mistakes",
                    """
                    resize(128).tta("4")
                    resize(128).labelSmoothing()
                    resize(128).labelSmoothing(0.1, 2)
                    resize(128).geometry(Shear(5))
                    resize(128).mixup
                    resize(128).model("xresnet18")
                    resize(128).precision(BFLOAT16)
                    resize(128).optimizer(new Lookahead(Adam()))
                    imageFolder(pets)
                    recipe { resize(128); seed = 7 }
                    recipe { resize(128) { mixup() } }
                    recipe { resize(128) { epochs = 2.0 } }
                    """,
                )

            // Without the lines that are shown.
            refusal(path)!!.lines().filter { it.startsWith("$path") }.map { it.removePrefix("$path:") } shouldBe
                listOf(
                    "1:13: tta takes a whole number (passes) or a TestTimeViews (tta), but is given a text; write tta(4)",
                    "2:27: labelSmoothing needs a value for epsilon",
                    "3:33: labelSmoothing takes a number with a point (epsilon); this is too much",
                    "4:28: this must be a number with a point, but is a whole number; write 5.0",
                    "5:13: mixup is said with brackets: mixup()",
                    "6:19: this must be a model, but is a text; write xresnet18()",
                    "7:23: there is no 'BFLOAT16'; did you mean 'Precision.BFLOAT16'?",
                    "8:23: Kotlin has no 'new'; write Lookahead(…) without it",
                    "9:13: there is no 'pets'; if it is a text, write it in quotes: \"pets\"",
                    "10:23: seed is said with brackets: seed(7)",
                    "11:24: mixup cannot be said in these braces: it is of the whole run; say it outside of them",
                    "12:33: this must be a whole number, but is a number with a point; write 2",
                )
        }

        test("of brackets that do not fit only these are told") {
            val open = script("open", "resize(128\n    .tta(4)")
            val closed = script("closed", "resize(128)\n    .tta(4))")

            refusal(open) shouldBe "$open:2:12: a ')' is missing here, or before\n      .tta(4)\n             ^"
            refusal(closed) shouldBe "$closed:2:12: there is a ')' too many\n      .tta(4))\n             ^"
        }

        test("a mistyped word is refused with its place and the word that was meant") {
            val path =
                script(
                    "typo",
                    """
                    data = imageFolder("pets")
                    resze(128).then(224)
                        .mixpu()
                    """,
                )

            refusal(path) shouldBe
                """
                $path:2:1: there is no 'resze'; did you mean 'resize'?
                  resze(128).then(224)
                  ^
                $path:3:6: there is no 'mixpu'; did you mean 'mixup'?
                      .mixpu()
                       ^
                """.trimIndent()
        }

        test("a decimal comma is one mistake") {
            val path = script("comma", "resize(128).labelSmoothing(0,1)")
            val other = script("whole", "resize(128).epochs(3, 5)")

            refusal(path) shouldBe
                "$path:1:30: if 0,1 is one number, write it with a point: 0.1\n" +
                "  resize(128).labelSmoothing(0,1)\n                               ^"
            refusal(other)!! shouldStartWith "$other:1:23: epochs takes a whole number"
        }

        test("a value outside its range is refused with its line") {
            val path = script("range", "val size = 15\nresize(size)")

            refusal(path) shouldBe "$path:2:1: resize: size must be at least 16, but is 15\n  resize(size)\n  ^"
        }

        test("a script that ends in something else is refused") {
            val nothing = script("nothing", "val size = 128")
            val text = script("text", "resize(128).toString()")

            refusal(nothing) shouldBe
                "$nothing: the last expression must be the recipe, for instance resize(128).then(224), but it is nothing"
            refusal(text) shouldBe
                "$text: the last expression must be the recipe, for instance resize(128).then(224), but it is a String"
        }

        test("a missing script is refused") {
            val path = folder.resolve("missing.recipe.kts")

            refusal(path) shouldBe "$path: there is no such script"
        }

        test("the cache is where the user wants it") {
            ScriptCache.defaultDirectory(mapOf("LEAVEN_CACHE" to "/c", "XDG_CACHE_HOME" to "/x")) shouldBe Path.of("/c/scripts")
            ScriptCache.defaultDirectory(mapOf("XDG_CACHE_HOME" to "/x")) shouldBe Path.of("/x/leaven/scripts")
            ScriptCache.defaultDirectory(mapOf()) shouldBe
                Path.of(System.getProperty("user.home"), ".cache", "leaven", "scripts")
        }
    })
