package dev.leaven.dsl.script

/**
 * The arguments of a script on the command line: `leaven train pets.recipe.kts epochs=3 mixed=yes`.
 *
 * ```kotlin
 * val epochs = args.int("epochs", 5)
 * val rate = args.number("rate", 3e-3)
 * val mixed = args.flag("mixed")
 * ```
 *
 * A script that reads an argument without a default fails without it, and a script that is given an argument that it does not read is
 * rejected: both messages list the arguments.
 */
public class Arguments internal constructor(
    private val said: Map<String, String>,
) {
    private val asked = linkedSetOf<String>()

    /**
     * An argument as text.
     *
     * @throws IllegalArgumentException when it is missing
     */
    public operator fun get(name: String): String = text(name)

    /** Whether an argument is given. */
    public operator fun contains(name: String): Boolean = value(name) != null

    /**
     * An argument as text.
     *
     * @param default the value when it is missing; null if it is required
     * @throws IllegalArgumentException when it is required and missing
     */
    public fun text(
        name: String,
        default: String? = null,
    ): String = value(name) ?: default ?: missing(name)

    /**
     * A whole number.
     *
     * @param default the value when it is missing; null if it is required
     * @throws IllegalArgumentException when it is no whole number, or it is required and missing
     */
    public fun int(
        name: String,
        default: Int? = null,
    ): Int = value(name)?.let { it.toIntOrNull() ?: wrong(name, "a whole number", it) } ?: default ?: missing(name)

    /**
     * A number.
     *
     * @param default the value when it is missing; null if it is required
     * @throws IllegalArgumentException when it is no number, or it is required and missing
     */
    public fun number(
        name: String,
        default: Number? = null,
    ): Double = value(name)?.let { it.toDoubleOrNull() ?: wrong(name, "a number", it) } ?: default?.toDouble() ?: missing(name)

    /**
     * Yes or no: `mixed=yes`, `true`, `on`; `mixed=no`, `false`, `off`.
     *
     * @param default the value when it is missing
     * @throws IllegalArgumentException when it is neither
     */
    public fun flag(
        name: String,
        default: Boolean = false,
    ): Boolean =
        when (val value = value(name)?.lowercase()) {
            null -> default
            in YES -> true
            in NO -> false
            else -> wrong(name, "yes or no", value)
        }

    /** Rejects arguments that were given but not read. */
    internal fun unknown(): String? {
        val name = said.keys.firstOrNull { it !in asked } ?: return null
        val meant = Vocabulary.nearest(name, asked)?.let { "; did you mean '$it'?" } ?: ""
        val all = if (asked.isEmpty()) "it asks for none" else "it asks for ${asked.joinToString(", ")}"
        return "the script asks for no argument '$name'$meant${if (meant.isEmpty()) "; $all" else " ($all)"}"
    }

    private fun value(name: String): String? {
        asked += name
        return said[name]
    }

    private fun missing(name: String): Nothing =
        throw IllegalArgumentException("args: $name is not said; add $name=… to the command, or give it a default here")

    private fun wrong(
        name: String,
        kind: String,
        value: String,
    ): Nothing = throw IllegalArgumentException("args: $name must be $kind, but is '$value'")

    private companion object {
        val YES = setOf("yes", "true", "on")
        val NO = setOf("no", "false", "off")
    }
}
