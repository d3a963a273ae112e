package dev.leaven.dsl.cli

import java.io.FileDescriptor
import java.io.FileOutputStream
import java.util.concurrent.TimeUnit

/** What the command line must do for the shell script that started it. */
internal object Launcher {
    /**
     * Waits until the launcher's filter has written the last of standard error, so that nothing
     * appears after the process has ended.
     */
    fun awaitFilter() {
        if (System.getProperty("leaven.filter") == null) {
            return
        }
        // Java points the closed descriptor at /dev/null, so the filter sees the end of its input.
        FileOutputStream(FileDescriptor.err).close()
        ProcessHandle.current().children().forEach { child ->
            runCatching { child.onExit().get(1, TimeUnit.SECONDS) }
        }
    }
}
