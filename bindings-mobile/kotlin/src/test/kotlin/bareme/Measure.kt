package bareme

import org.junit.jupiter.api.Test

/** What docs/mobile.md says of Kotlin; no test by its name: `cargo xtask mobile --measure` asks for it. */
class Measure {
    @Test
    fun `one score from Kotlin`() {
        val first = System.nanoTime()
        val official = methodology(METHOD)
        println("the first call, JNA and the library loaded: ${(System.nanoTime() - first) / 1_000_000} ms")
        val scoring = official.score(Cohort.fromCsv(petiteFrance, official))
        val reference = scoring.reference()
        val menton = menton()
        time("score one territory against a reference") { reference.score(menton) }
        time("simulate one change") { reference.simulate(menton, "instagram", "likes", 90000) }
        time("a call that does nothing") { reference.isSynthetic() }
    }

    /** The fastest of many batches: whatever else the machine does only adds. */
    private fun time(name: String, work: () -> Unit) {
        val batches = List(400) {
            val start = System.nanoTime()
            repeat(50) { work() }
            (System.nanoTime() - start) / 50
        }
        println("$name: ${batches.min() / 1000.0} µs")
    }
}
