package dev.leaven.dsl.script

import dev.leaven.dsl.Recipe.resize
import dev.leaven.dsl.SaidInJava
import dev.leaven.runtime.data.CsvImages
import dev.leaven.runtime.data.FilesByName
import dev.leaven.runtime.data.GroupSplit
import dev.leaven.runtime.data.IdxFolder
import dev.leaven.runtime.data.ImageFolder
import dev.leaven.runtime.data.ListSplit
import dev.leaven.runtime.data.TfRecords
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
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

        test("the sentence is the same value from a script as from Java") {
            val sentence = "resize(128).then(224).mixup().labelSmoothing(0.1).tta(4)"
            val scripted = RecipeFile(script("sentence", sentence), cache).read()

            scripted.recipe shouldBe SaidInJava.SENTENCE
            scripted.recipe.hash() shouldBe
                SaidInJava.SENTENCE.hash()
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
                            augment { rotate = 15.0 }
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
                $path:2:1: unresolved reference 'resze'; did you mean 'resize'?
                  resze(128).then(224)
                  ^
                $path:3:6: unresolved reference 'mixpu'; did you mean 'mixup'?
                      .mixpu()
                       ^
                """.trimIndent()
        }

        test("a value outside its range is refused with its line") {
            val path = script("range", "val size = 15\nresize(size)")

            refusal(path) shouldBe "$path:2: resize: size must be at least 16, but is 15\n  resize(size)"
        }

        test("a script that ends in something else is refused") {
            val nothing = script("nothing", "val recipe = resize(128)")
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
