package bareme

import java.io.File
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Every vector of the specification, by the runner inside the library: numbers are compared by their 64 bits. */
class VectorsTest {
    private val pages = File(root, "spec/vectors/bareme-1").listFiles { file -> file.extension == "json" }!!.sorted()

    @Test
    fun `every vector`() {
        var count = 0
        for (page in pages) {
            val outcomes = selfTest(page.readBytes())
            for (outcome in outcomes) assertEquals(emptyList<String>(), outcome.differences, outcome.id)
            count += outcomes.size
        }
        assertTrue(count > 1600, "$count vectors")
    }

    @Test
    fun `the same from many threads at once`() {
        val page = File(root, "spec/vectors/bareme-1/aggregate.json").readBytes()
        val alone = selfTest(page)
        val pool = Executors.newFixedThreadPool(8)
        try {
            val runs = pool.invokeAll(List(16) { Callable { selfTest(page) } })
            for (run in runs) assertEquals(alone, run.get())
        } finally {
            pool.shutdown()
        }
    }
}
