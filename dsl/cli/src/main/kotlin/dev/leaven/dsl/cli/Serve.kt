package dev.leaven.dsl.cli

import dev.leaven.runtime.export.Predictor
import dev.leaven.runtime.serve.Serving
import picocli.CommandLine.Command
import picocli.CommandLine.Option
import picocli.CommandLine.Parameters
import picocli.CommandLine.ParentCommand
import java.awt.image.BufferedImage
import java.nio.file.Path
import java.util.concurrent.Callable
import java.util.concurrent.CountDownLatch

/** `leaven serve`. */
@Command(
    name = "serve",
    description = ["Serve a model over HTTP, with a page to drop pictures on, until Ctrl-C."],
    mixinStandardHelpOptions = true,
    versionProvider = Leaven.Version::class,
    footer = [
        "",
        "Examples:",
        "  leaven serve models/pets/1",
        "  curl --data-binary @tom.jpg 'http://127.0.0.1:8080/predict?top=3'",
        "  curl -F a=@tom.jpg -F b=@rex.jpg http://127.0.0.1:8080/predict",
    ],
)
internal class Serve : Callable<Int> {
    @ParentCommand
    private lateinit var leaven: Leaven

    @Parameters(paramLabel = "MODEL", description = ["An exported model, or a run."])
    private lateinit var model: Path

    @Option(names = ["--port"], paramLabel = "PORT", description = ["0 for any that is free. Default: \${DEFAULT-VALUE}."])
    private var port: Int = Serving.usual().port()

    @Option(
        names = ["--host"],
        paramLabel = "ADDRESS",
        description = ["Listen on this address; 0.0.0.0 lets all of the network ask. Default: \${DEFAULT-VALUE}."],
    )
    private var host: String = Serving.usual().host()

    @Option(names = ["--max-request"], paramLabel = "BYTES", description = ["The largest request. Default: \${DEFAULT-VALUE}."])
    private var largest: Int = Serving.usual().largestRequest()

    @Option(names = ["--max-images"], paramLabel = "N", description = ["The most images of a request. Default: \${DEFAULT-VALUE}."])
    private var most: Int = Serving.usual().mostImages()

    override fun call(): Int {
        val serving =
            Serving
                .usual()
                .host(host)
                .port(port)
                .request(largest, most)
        val predictor = AnyModel.of(model)
        val server =
            try {
                warmUp(predictor)
                serving.start(predictor)
            } catch (failure: Throwable) {
                predictor.close()
                throw failure
            }
        leaven.console.out.println("$model is at ${server.address()}; Ctrl-C ends it")
        // Ctrl-C ends the process; this runs first.
        Runtime.getRuntime().addShutdownHook(
            Thread {
                server.close()
                predictor.close()
                leaven.console.out.println("the server has ended")
            },
        )
        CountDownLatch(1).await()
        return Leaven.DONE
    }

    // The first prediction takes seconds, in which TensorFlow prepares the graph.
    private fun warmUp(predictor: Predictor) {
        predictor.predict(BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB))
    }

    private companion object {
        const val SIDE = 16
    }
}
