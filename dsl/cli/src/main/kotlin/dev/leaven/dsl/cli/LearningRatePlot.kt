package dev.leaven.dsl.cli

import dev.leaven.dsl.LearningRateLines
import dev.leaven.runtime.run.LearningRates
import dev.leaven.runtime.run.RateRule
import org.knowm.xchart.ChartEncoder
import org.knowm.xchart.XYChart
import org.knowm.xchart.XYChartBuilder
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle
import org.knowm.xchart.style.Styler.LegendPosition
import org.knowm.xchart.style.markers.Marker
import org.knowm.xchart.style.markers.SeriesMarkers
import java.awt.BasicStroke
import java.awt.Color
import java.awt.Font
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import kotlin.math.log10
import kotlin.math.roundToInt

/**
 * Draws the loss over the learning rate, and marks the suggested rates.
 *
 * @param file replaced if it is there
 * @throws IllegalArgumentException when its name ends in neither `.png` nor `.svg`, or its folder does not exist
 */
internal class LearningRatePlot(
    private val file: Path,
) {
    private val vector: Boolean

    init {
        val name = file.toString().lowercase()
        vector = name.endsWith(".svg")
        require(vector || name.endsWith(".png")) { "--output: a picture's name ends in .png or .svg, but this one is $file" }
        requireWritable("--output", file)
    }

    /** Writes the file, for a curve of at least two points. */
    fun write(rates: LearningRates) {
        val chart = chart(rates)
        try {
            Files.newOutputStream(file).use { ChartEncoder.saveChart(chart, it, if (vector) "svg" else "png") }
        } catch (e: IOException) {
            throw IllegalArgumentException("--output: $file cannot be written: ${e.message}", e)
        }
    }

    private fun chart(rates: LearningRates): XYChart {
        val chart =
            XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Loss while the learning rate rises")
                .xAxisTitle("learning rate")
                .yAxisTitle("loss, smoothed")
                .build()
        style(chart)
        val points = rates.points()
        show(chart, points.map { it.smoothedLoss() })
        chart.addSeries("loss", points.map { it.rate() }, points.map { it.smoothedLoss() }).apply {
            marker = SeriesMarkers.NONE
            lineColor = BLUE
            lineStyle = BasicStroke(LINE, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
            isShowInLegend = false
        }
        rates.suggestions().forEach { mark(chart, it) }
        return chart
    }

    private fun mark(
        chart: XYChart,
        suggestion: LearningRates.Suggestion,
    ) {
        val rule = suggestion.rule()
        val tenth = if (rule == RateRule.MINIMUM) ", a tenth of this rate" else ""
        val label = "${rule.name.lowercase()}: ${LearningRateLines.rate(suggestion.rate())}$tenth"
        val (shape, colour) = MARKS.getValue(rule)
        chart.addSeries(label, listOf(suggestion.point().rate()), listOf(suggestion.point().smoothedLoss())).apply {
            setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
            marker = shape
            markerColor = colour
        }
    }

    // The plot shows the fall; the divergence at the end would flatten it.
    private fun show(
        chart: XYChart,
        losses: List<Double>,
    ) {
        val low = losses.min()
        val before = losses.take(losses.indexOf(low) + 1).max()
        val high = if (before - low > FLAT * low) before + ABOVE * (before - low) else losses.max()
        val top = minOf(high, losses.max())
        val room = ROOM * (top - low)
        chart.styler.yAxisMin = low - room
        chart.styler.yAxisMax = top + room
    }

    private fun style(chart: XYChart) {
        chart.styler.apply {
            baseFont = FONT
            chartFontColor = INK
            chartTitleFont = FONT.deriveFont(Font.BOLD, TITLE)
            isChartTitleBoxVisible = false
            axisTitleFont = FONT
            axisTickLabelsFont = FONT.deriveFont(TICKS)
            legendFont = FONT
            chartBackgroundColor = Color.WHITE
            plotBackgroundColor = Color.WHITE
            isPlotBorderVisible = false
            plotGridLinesColor = GRID
            plotGridLinesStroke = BasicStroke(1f)
            legendPosition = LegendPosition.InsideNW
            legendBorderColor = Color.WHITE
            isXAxisLogarithmic = true
            isXAxisLogarithmicDecadeOnly = true
            setXAxisTickLabelsFormattingFunction { "1e${log10(it).roundToInt()}" }
            markerSize = MARKER
            chartPadding = PADDING
        }
    }

    private companion object {
        const val WIDTH = 900
        const val HEIGHT = 560
        const val PADDING = 16
        const val MARKER = 11
        const val LINE = 2.2f
        const val TITLE = 16f
        const val TICKS = 12f

        // As fractions of the height shown.
        const val FLAT = 0.02
        const val ABOVE = 0.6
        const val ROOM = 0.08

        init {
            // There may be no screen; this is checked once, when the first font is created.
            System.setProperty("java.awt.headless", "true")
        }

        val FONT = Font(Font.SANS_SERIF, Font.PLAIN, 13)
        val INK = Color(0x333333)
        val GRID = Color(0xE4E4E4)
        val BLUE = Color(0x4C72B0)

        // The shapes differ too: two rules often pick the same point, and not everyone can distinguish all colours.
        val MARKS: Map<RateRule, Pair<Marker, Color>> =
            mapOf(
                RateRule.VALLEY to (SeriesMarkers.CIRCLE to Color(0xC44E52)),
                RateRule.SLIDE to (SeriesMarkers.CROSS to INK),
                RateRule.MINIMUM to (SeriesMarkers.TRIANGLE_DOWN to Color(0xDD8452)),
                RateRule.STEEP to (SeriesMarkers.DIAMOND to Color(0x55A868)),
            )
    }
}
