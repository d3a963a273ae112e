package dev.leaven.dsl.script

import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.security.MessageDigest
import java.util.HexFormat
import kotlin.script.experimental.api.CompiledScript
import kotlin.script.experimental.api.ScriptCompilationConfiguration
import kotlin.script.experimental.api.SourceCode
import kotlin.script.experimental.jvm.CompiledJvmScriptsCache
import kotlin.script.experimental.jvmhost.CompiledScriptJarsCache

/**
 * Compiled scripts, each a jar named after all that it depends on: the script's name and text, and
 * every jar and class folder it was compiled against. It is a convenience only: if anything goes wrong with it, the script is compiled.
 */
internal class ScriptCache(
    private val directory: Path,
) : CompiledJvmScriptsCache {
    override fun get(
        script: SourceCode,
        scriptCompilationConfiguration: ScriptCompilationConfiguration,
    ): CompiledScript? {
        val jar = directory.resolve(name(script))
        if (!Files.isRegularFile(jar)) {
            return null
        }
        return try {
            jars(jar).get(script, scriptCompilationConfiguration)
        } catch (_: Exception) {
            jar.toFile().delete()
            null
        }
    }

    override fun store(
        compiledScript: CompiledScript,
        script: SourceCode,
        scriptCompilationConfiguration: ScriptCompilationConfiguration,
    ) {
        try {
            Files.createDirectories(directory)
            // Under a name of its own first: another process may be reading or writing the same.
            val unfinished = Files.createTempFile(directory, "script", ".tmp")
            jars(unfinished).store(compiledScript, script, scriptCompilationConfiguration)
            Files.move(unfinished, directory.resolve(name(script)), StandardCopyOption.REPLACE_EXISTING)
        } catch (_: IOException) {
            return
        }
    }

    private fun jars(file: Path) = CompiledScriptJarsCache { _, _ -> file.toFile() }

    private fun name(script: SourceCode): String {
        val sha = MessageDigest.getInstance("SHA-256")
        sha.update("${script.name}\n${script.text}\n$CLASS_PATH".toByteArray())
        return HexFormat.of().formatHex(sha.digest()).take(32) + ".jar"
    }

    companion object {
        private val CLASS_PATH: String by lazy {
            System
                .getProperty("java.class.path")
                .split(File.pathSeparator)
                .map(::File)
                .joinToString("\n") { "$it ${newest(it)} ${it.length()}" }
        }

        private fun newest(file: File): Long = file.walk().maxOfOrNull { it.lastModified() } ?: 0

        /** `LEAVEN_CACHE`, or `leaven` in the user's cache folder. */
        fun defaultDirectory(environment: Map<String, String> = System.getenv()): Path {
            fun folder(variable: String) = environment[variable]?.takeIf { it.isNotBlank() }?.let(Path::of)
            val root =
                folder("LEAVEN_CACHE")
                    ?: (folder("XDG_CACHE_HOME") ?: Path.of(System.getProperty("user.home"), ".cache")).resolve("leaven")
            return root.resolve("scripts")
        }
    }
}
