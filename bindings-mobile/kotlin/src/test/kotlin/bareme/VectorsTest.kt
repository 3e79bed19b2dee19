package bareme

import bareme.testing.selfTest
import java.io.File
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.contentOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/**
 * The vectors of the specification: all of them by the runner inside the library for tests, and those of scores as they
 * cross to Kotlin out of the library that is shipped.
 */
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

    @Test
    fun `scores through the interface, to the bit`() {
        var compared = 0
        for (page in pages) {
            val text = Json.parseToJsonElement(page.readText()).jsonObject
            for (case in text.getValue("cases").jsonArray.map { it.jsonObject }) {
                val operation = case.getValue("operation").jsonPrimitive.content
                val expected = case.getValue("expected").jsonObject
                if (operation !in setOf("score", "alone") || "others" in case || "faults" in expected) continue
                val base = text["methodology"] ?: JsonNull
                val method = document(case.getValue("methodology"), base) ?: continue
                val cohort = Cohort.fromJson(document(case.getValue("cohort"), base) ?: continue)
                val id = case.getValue("id").jsonPrimitive.content
                val methodology = Methodology.fromJson(method)
                if (operation == "alone") {
                    val reference = Reference.fromJson(document(case.getValue("reference"), base) ?: continue, methodology)
                    compare(id, expected.getValue("territory").jsonObject, reference.scoreIn(cohort, cohort.ids().first()))
                    compared++
                } else {
                    val territories = methodology.score(cohort).territories()
                    val wanted = expected["territories"]?.jsonArray ?: continue
                    assertEquals(wanted.size, territories.size, id)
                    wanted.zip(territories) { one, other -> compare(id, one.jsonObject, other) }
                    compared += wanted.size
                }
            }
        }
        assertTrue(compared > 1000, "$compared territories")
    }

    private fun compare(id: String, wanted: JsonObject, found: TerritoryScore) {
        fun each(name: String) = wanted.getValue(name).jsonArray.map { it.jsonObject }
        fun text(value: JsonElement?) = (value ?: JsonNull).jsonPrimitive.contentOrNull
        fun same(value: JsonElement?, number: Double?) =
            assertEquals((value as? JsonObject)?.getValue("bits")?.jsonPrimitive?.content, number?.let(::bits), id)
        assertEquals(each("indices").size, found.indices.size, id)
        each("indices").zip(found.indices) { one, index ->
            assertEquals(text(one["id"]), index.id, id)
            assertEquals(text(one["published"]), index.published, id)
            assertEquals(text(one["state"]), index.state.name.lowercase(), id)
            same(one["score"], index.score)
            same(one["weight"], index.weight)
        }
        assertEquals(each("criteria").size, found.criteria.size, id)
        each("criteria").zip(found.criteria) { one, criterion ->
            assertEquals(text(one["indicator"]), criterion.indicator, id)
            assertEquals(text(one["state"]), criterion.state.name.lowercase(), id)
            same(one["raw"], criterion.raw)
            same(one["mark"], criterion.mark)
            same(one["weight"], criterion.weight)
        }
        assertEquals(
            each("ranks").map { listOf(text(it["view"]), text(it["within"]), text(it["rank"]), text(it["of"])) },
            found.ranks.map { listOf(it.view, it.within, it.rank?.toString(), it.of?.toString()) },
            id,
        )
        assertEquals(each("flags").map { text(it["code"]) }, found.flags.map { it.code }, id)
        assertEquals(text(wanted["grade"]), found.grade, id)
    }

    private fun bits(number: Double): String = java.lang.Long.toHexString(number.toRawBits()).padStart(16, '0')

    /** An input that is written out, or out of the page's methodology. */
    private fun document(given: JsonElement, base: JsonElement): String? = given.jsonObject.let { input ->
        input["json"]?.toString() ?: input["merge"]?.let { merged(base, it).toString() }
    }

    /** A JSON Merge Patch (RFC 7396). */
    private fun merged(target: JsonElement?, patch: JsonElement): JsonElement {
        if (patch !is JsonObject) return patch
        val result = (target as? JsonObject).orEmpty().toMutableMap()
        for ((name, value) in patch) {
            if (value is JsonNull) result.remove(name) else result[name] = merged(result[name], value)
        }
        return JsonObject(result)
    }
}
