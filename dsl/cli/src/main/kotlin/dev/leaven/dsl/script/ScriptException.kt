package dev.leaven.dsl.script

/** A recipe script cannot be used. The message names the place, the mistake and the remedy. */
public class ScriptException internal constructor(
    message: String,
    cause: Throwable? = null,
) : IllegalArgumentException(message, cause)
