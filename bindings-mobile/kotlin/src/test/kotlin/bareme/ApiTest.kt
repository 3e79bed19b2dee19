package bareme

import com.sun.jna.NativeLibrary
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
    fun `the library is the one in the jar`() {
        // One on the system's path would come first.
        for (name in listOf("bareme_mobile", "bareme_mobile_testing")) {
            val loaded = NativeLibrary.getInstance(name).file
            assertTrue(loaded.startsWith(File(root, "bindings-mobile/kotlin/target")), loaded.path)
        }
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
        assertEquals("unknown_value" to "/changes/0/network", failure.code to failure.faults[0].pointer)
        val both = reference.simulate(menton(), listOf(Change("instagram", "likes", 9500.0), Change("instagram", "posts", 33.0)))
        assertEquals(both.after, reference.score(menton(likes = 9500, posts = 33)))
    }

    @Test
    fun `a simulation names what moves in the methodologies of networks`() {
        val overall = methodology("territoires@2026.11")
        val posts = listOf(20 to 400, 25 to 900, 10 to 50)
        val towns = posts.mapIndexed { place, (posts, likes) ->
            val account = account(
                "x", "followers" to 1000 + place, "following" to 10, "posts" to posts, "likes" to likes,
                "comments" to 5, "shares" to 5, "views" to 100,
            )
            Territory("0600$place", "Ville $place", "commune", 30000L + place, listOf(account))
        }
        val reference = overall.score(Cohort.fromTerritories(towns, Period("2026-10-01", "2026-10-31"))).reference()
        val simulation = reference.simulate(towns[2], "x", "likes", 600)
        assertEquals(setOf(null, "x@2026.11"), simulation.moved.map { it.part }.toSet())
        assertTrue(simulation.after.indices[0].score!! > simulation.before.indices[0].score!!)
    }

    @Test
    fun `growth since the previous period`() {
        val growth = Methodology.fromJson(GROWTH)
        fun followers(number: Int, formerlyOf: String? = null) = account("net", "followers" to number, formerlyOf = formerlyOf)
        val towns = listOf(
            Territory("06083", "Menton", "commune", 30326, listOf(followers(150)), previous = listOf(followers(100))),
            Territory(
                "74010", "Annecy", "commune", 131766, listOf(followers(300)),
                previous = listOf(followers(100, "74010"), followers(150, "74011")), formerly = listOf("74010", "74011"),
            ),
        )
        val cohort = Cohort.fromTerritories(towns, Period("2026-10-01", "2026-10-31"), Period("2026-09-01", "2026-10-01"))
        assertEquals(Period("2026-09-01", "2026-10-01"), cohort.previousPeriod())
        val scoring = growth.score(cohort)
        assertEquals(listOf<Double?>(50.0, 20.0), scoring.territories().map { it.criteria[0].raw })
        val reference = scoring.reference()
        for (town in towns) assertEquals(scoring.territory(town.id), reference.score(town))
        assertEquals(scoring.territories(), reference.scoreEach(cohort))
        val bad = towns[0].copy(previous = listOf(followers(-1)))
        val failure = thrown<BaremeException.Input> { reference.score(bad) }
        assertEquals("/previous/0/metrics/followers", failure.faults[0].pointer)
        val periods = thrown<BaremeException.Input> { Cohort.fromTerritories(towns, Period("a", "2026-10-31"), Period("b", "c")) }
        assertEquals(
            listOf("/period/from", "/previous/period/from", "/previous/period/to"),
            periods.faults.map { it.pointer },
        )
    }

    @Test
    fun `two tables, and what was left out`() {
        val territories = "territoire;nom;type de structure;population;région\n06083;Menton;commune;30326;93\n"
        val accounts = "territoire;réseau;abonnés;humeur\n06083;Instagram;18700;gaie\n"
        val period = Period("2026-10-01", "2026-10-31")
        val refused = thrown<BaremeException.Input> { Cohort.fromCsv(accounts, official, territories, period) }
        assertTrue(refused.faults.any { it.code == "unknown_column" })
        val read = thrown<BaremeException.Input> { Cohort.fromCsv(accounts, official, territories.replace("30326", "x"), period, true) }
        assertEquals("territories", read.faults.firstNotNullOf { (it.place as? Place.Cell)?.table })
        val method = Methodology.fromJson(GROWTH)
        val cohort = Cohort.fromCsv(accounts.replace("Instagram", "net").replace("humeur", "humeur;previous.followers").replace("gaie", "gaie;100"), method, territories, period, true)
        assertEquals(listOf(IgnoredKind.COLUMN to "humeur"), cohort.ignored().map { it.kind to it.name })
        assertTrue(cohort.ignored()[0].text.fr.contains("humeur") && cohort.size() == 1)
        val fewer = scoring.cohort().restrictedTo(method).ignored()
        assertTrue(fewer.any { it.kind == IgnoredKind.NETWORK && it.name == "instagram" && it.count > 20 })
        assertTrue(scoring.cohort().ignored().isEmpty())
    }

    @Test
    fun `errata and receipts of a scoring`() {
        val first = scoring.publication().sha256()
        val erratum = scoring.publication(supersedes = Supersedes(first, "Une saisie de Menton était fausse."))
        assertTrue(erratum.head().contains(first) && verify(erratum.toBytes()).verified)
        val failure = thrown<BaremeException.Input> { scoring.publication(supersedes = Supersedes("no digest", "")) }
        val said = failure.faults.map { "${it.code} ${it.pointer}" }.sorted()
        assertEquals(listOf("out_of_range /supersedes/reason", "out_of_range /supersedes/sha256"), said)
        val receipt = scoring.receipt("06083")
        assertEquals(first, receipt.sha256())
        assertTrue(verify(receipt.toBytes()).verified)
        val small = scoring.receipt("06083", reference = false)
        assertTrue(small.toBytes().size < receipt.toBytes().size)
        assertTrue(verify(small.toBytes(), reference = scoring.reference().toJson().encodeToByteArray()).verified)
        assertEquals("territory_not_found", thrown<BaremeException.NotFound> { scoring.receipt("nobody") }.code)
    }

    @Test
    fun `the scores of groups are the means of their members'`() {
        val grouped = official.variant(
            """{"roll_ups": [{"id": "kinds", "label": {"fr": "types"}, "index": "performance", "structure_types": ["commune"], "into": "structure_type"}]}""",
        )
        val scored = grouped.score(cohort)
        val (group, score, published, members, leftOut) = scored.rollUp("kinds")!!.single()
        val communes = scored.territories().filter { it.structureType == "commune" }
        val scores = communes.mapNotNull { it.indices[0].score }
        assertEquals("commune", group)
        assertEquals(scores.size to communes.size - scores.size, members to leftOut)
        assertEquals(scores.average(), score!!, 1e-9)
        assertEquals(score, published!!.toDouble(), 0.5)
        assertNull(scored.rollUp("nothing"))
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
        // What a log shows is what people can read.
        assertEquals(many.lines(Language.ENGLISH), many.toString().lines())
        assertEquals(many.toString(), many.message)
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
            val failure = thrown<bareme.testing.BaremeException.Internal> { bareme.testing.selfTestPanic() }
            assertTrue(failure.message!!.contains("a panic that a test asked for"))
            val outside = thrown<bareme.testing.InternalException> { bareme.testing.selfTestPanicOutside() }
            assertTrue(outside.message!!.contains("a panic that a test asked for"))
        }
        assertEquals(METHOD, bareme.testing.methodology(METHOD).info().let { "${it.id}@${it.version}" })
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
