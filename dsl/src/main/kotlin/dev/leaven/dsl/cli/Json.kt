package dev.leaven.dsl.cli

import com.fasterxml.jackson.databind.json.JsonMapper

/** What commands print with `--json`: names as the properties are called, in their order. */
internal object Json {
    private val MAPPER = JsonMapper.builder().build()

    fun pretty(value: Any): String = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value)
}
