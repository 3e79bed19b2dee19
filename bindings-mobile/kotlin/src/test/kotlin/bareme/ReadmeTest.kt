package bareme

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test

/** The README's examples run; `cargo xtask mobile` makes a function of them, with a check for each value beside them. */
class ReadmeTest {
    @Test
    fun `the README`() = runBlocking { readme() }
}
