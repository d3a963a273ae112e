package dev.leaven.dsl.cli

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.json.JsonMapper
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module
import dev.leaven.runtime.Technique
import dev.leaven.runtime.TechniqueJson

/** What commands print with `--json`: with the names of the properties, in their order. */
internal object Json {
    private val MAPPER = JsonMapper.builder().addModule(Jdk8Module()).build()

    /** A technique by its name and parameters, to be nested in other values. */
    fun tree(technique: Technique): JsonNode = MAPPER.readTree(TechniqueJson.write(technique))

    fun pretty(value: Any): String = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value)
}
