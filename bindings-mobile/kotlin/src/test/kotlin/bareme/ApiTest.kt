package bareme

import java.io.File
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class ApiTest {
    private val official = methodology(METHOD)
    private val cohort = Cohort.fromCsv(petiteFrance, official)
    private val scoring = official.score(cohort)

    @Test
    fun `the catalogue says what each is`() {
        val all = catalogue()
        assertTrue(all.size > 10)
        assertTrue(all.none { it.status == Status.OFFICIAL })
        assertEquals(official.info(), all.single { "${it.id}@${it.version}" == METHOD })
        assertTrue(official.describe(Language.FRENCH) != official.describe(Language.ENGLISH))
    }

    @Test
    fun `alone as in the cohort, to the bit`() {
        val reference = Reference.fromJson(scoring.reference().toJson())
        for (id in cohort.ids()) {
            assertEquals(scoring.territory(id), reference.scoreIn(cohort, id))
        }
        assertEquals(scoring.territories().map { it.id }, cohort.ids())
        assertTrue(reference.isMember("06083") && reference.isSynthetic())
    }

    @Test
    fun `a simulation says what moves`() {
        val reference = scoring.reference()
        val simulation = reference.simulate(menton(), "instagram", "likes", 90000.0)
        assertEquals(reference.score(menton()), simulation.before)
        assertTrue(simulation.moved.isNotEmpty())
        assertTrue(simulation.moved.all { it.before != it.after })
        assertTrue(simulation.after.indices.first().score!! > simulation.before.indices.first().score!!)
        assertTrue(simulation.after.ranks.first().rank!! <= simulation.before.ranks.first().rank!!)
        assertTrue(reference.simulate(menton(), "instagram", "likes", 9000.0).moved.isEmpty())
        val failure = thrown<BaremeException.Input> { reference.simulate(menton(), "tiktok", "likes", 1.0) }
        assertEquals("unknown_network", failure.code)
    }

    @Test
    fun `rankings are in order`() {
        val ranking = scoring.ranking(by = "most-followed", within = "cohort")
        assertEquals(cohort.size(), ranking.size)
        val ranks = ranking.mapNotNull { it.rank }
        assertEquals(ranks.sorted(), ranks)
        assertEquals("unknown_view", thrown<BaremeException.NotFound> { scoring.ranking(by = "nothing") }.code)
    }

    @Test
    fun `publications and receipts are verified`() {
        val publication = scoring.publication(notes = listOf("données d’exemple"))
        val report = verify(publication.toBytes())
        assertTrue(report.verified)
        assertEquals(3, report.depth)
        val receipt = publication.receipt("06083")
        assertEquals("06083", receipt.territory())
        assertTrue(verify(receipt.toBytes()).verified)
        val forged = publication.toBytes().decodeToString().replaceFirst("\"published\":\"", "\"published\":\"9")
        val refuted = verify(forged.encodeToByteArray())
        assertFalse(refuted.verified)
        assertNotNull(refuted.disagreements.firstOrNull())
    }

    @Test
    fun `variants say so`() {
        val variant = official.variant("""{"version": "mine", "publication": {"decimals": 3}}""")
        assertEquals(Status.VARIANT, variant.info().status)
        assertTrue(Regex("""\d+\.\d{3}""").matches(variant.score(cohort).territory("06083").indices[0].published!!))
    }

    @Test
    fun `bad JSON gives faults`() {
        val syntax = thrown<BaremeException.Input> { Cohort.fromJson("{") }
        assertEquals("json_syntax", syntax.code)
        assertTrue(syntax.faults[0].place is Place.Position)
        val many = thrown<BaremeException.Input> {
            Cohort.fromJson("""{"language": "bareme/1", "document": "cohort", "territories": [{"id": ""}], "accounts": [3]}""")
        }
        assertTrue(many.faults.size > 1)
        assertTrue(many.faults.all { it.pointer != null && it.line.fr != it.line.en })
        assertTrue(many.message!!.contains("/accounts/0"), many.message)
        assertEquals("json_syntax", thrown<BaremeException.Input> { Methodology.fromJson("nothing") }.code)
        assertEquals("unknown_methodology", thrown<BaremeException.NotFound> { methodology("nothing@1") }.code)
        val own = thrown<BaremeException.Input> { scoring.reference().score(menton().copy(population = -1)) }
        assertEquals("/population", own.faults[0].pointer)
        val cells = thrown<BaremeException.Input> {
            Cohort.fromCsv(petiteFrance.decodeToString().replaceFirst(Regex("(?<=[;,])\\d+$", RegexOption.MULTILINE), "-1").encodeToByteArray(), official)
        }
        assertTrue(cells.faults[0].place is Place.Cell, cells.message)
        assertThrowsForLong()
    }

    private fun assertThrowsForLong() {
        thrown<IllegalArgumentException> { account("instagram", "likes" to Long.MAX_VALUE) }
        assertTrue(account("instagram", "likes" to null).metrics.getValue("likes").isNaN())
        assertEquals(0.1, account("instagram", "likes" to 0.1f).metrics.getValue("likes"))
    }

    @Test
    fun `a panic inside is an ordinary exception`() {
        repeat(3) {
            val failure = thrown<BaremeException.Internal> { selfTestPanic() }
            assertTrue(failure.message!!.contains("a panic that a test asked for"))
            assertTrue(thrown<InternalException> { selfTestPanicOutside() }.message!!.contains("a panic that a test asked for"))
        }
        assertEquals(METHOD, official.info().let { "${it.id}@${it.version}" })
    }

    @Test
    fun `one object serves many threads`() {
        val reference = scoring.reference()
        val expected = cohort.ids().associateWith { scoring.territory(it) }
        val pool = Executors.newFixedThreadPool(16)
        try {
            val runs = pool.invokeAll(
                List(64) { Callable { cohort.ids().associateWith { id -> reference.scoreIn(cohort, id) } } },
            )
            for (run in runs) assertEquals(expected, run.get())
        } finally {
            pool.shutdown()
        }
    }

    @Test
    fun `work in the background`() = runBlocking {
        val told = mutableListOf<Progress>()
        val found = official.scoreInBackground(cohort, threads = 2) { told += it }
        assertEquals(scoring.toJson(), found.toJson())
        assertEquals(told.last().total, told.last().done)
        assertTrue(verifyInBackground(scoring.publication().toBytes()).verified)
        val several = List(8) { async { official.scoreInBackground(cohort).toJson() } }
        for (one in several) assertEquals(scoring.toJson(), one.await())
    }

    @Test
    fun `work is cancelled`() = runBlocking {
        // On a busy machine the work may be done before it could be stopped.
        assertTrue((1..20).any { cancelled() })
        val watch = Watch()
        watch.stop()
        assertEquals("cancelled", thrown<BaremeException.Cancelled> { official.score(cohort, watch = watch) }.code)
    }

    private suspend fun cancelled(): Boolean = coroutineScope {
        var outcome: Result<Scoring>? = null
        val work = launch(start = CoroutineStart.UNDISPATCHED) { outcome = runCatching { official.scoreInBackground(cohort) } }
        work.cancelAndJoin()
        outcome!!.exceptionOrNull() is CancellationException
    }

    @Test
    fun `schemas and documents`() {
        assertTrue(schema("cohort")!!.contains("2020-12"))
        assertNull(schema("nothing"))
        assertEquals(cohort.sha256(), Cohort.fromJson(cohort.toJson()).sha256())
        assertEquals(official.info(), Methodology.fromJson(official.toJson()).info())
    }
}
