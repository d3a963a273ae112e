package dev.leaven.dsl.script

/** A recipe script cannot be used. The message says where, what is wrong, and what to do. */
public class ScriptException internal constructor(
    message: String,
    cause: Throwable? = null,
) : IllegalArgumentException(message, cause)
