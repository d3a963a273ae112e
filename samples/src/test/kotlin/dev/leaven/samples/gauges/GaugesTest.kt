package dev.leaven.samples.gauges

import dev.leaven.runtime.Task
import dev.leaven.runtime.evaluate.Metric
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

@Tag("slow")
class GaugesTest {
    @TempDir
    lateinit var directory: Path

    @Test
    fun `trains on its own pictures`() {
        val run = readGauges(directory, pictures = 20, epochs = 1)
        assertThat(run.finished()).isTrue()
        assertThat(
            run
                .result()
                .plan()
                .data()
                .task(),
        ).isEqualTo(Task.REGRESSION)
        assertThat(run.scores().get(Metric.MAE)).isFinite()
    }

    @Test
    fun `the table has a reading for each picture`() {
        val rows = Files.readAllLines(drawGauges(directory, 5))
        assertThat(rows).hasSize(6)
        assertThat(rows.drop(1).map { it.substringAfter(',').toDouble() }).allMatch { it in 0.0..10.0 }
        assertThat(directory.resolve("00004.png")).isNotEmptyFile()
    }
}
