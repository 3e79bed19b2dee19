package bareme

// Documents as text and numbers of any type, beside the bytes and doubles that the native half takes.

/** Reads a document; `others` are those that it may pin beside the embedded ones. */
fun Methodology.Companion.fromJson(document: String, others: List<Methodology> = emptyList()): Methodology =
    fromJson(document.encodeToByteArray(), others)

/** Another methodology: this one changed by a JSON Merge Patch. */
fun Methodology.variant(patch: String): Methodology = variant(patch.encodeToByteArray())

/** Reads a cohort document. */
fun Cohort.Companion.fromJson(document: String): Cohort = fromJson(document.encodeToByteArray())

/**
 * Reads CSV: one table, or one of accounts and one of [territories]. What [methodology] does not know is a fault, or
 * left out when [ignoreUnknown] is true.
 */
fun Cohort.Companion.fromCsv(
    table: String,
    methodology: Methodology,
    territories: String? = null,
    period: Period? = null,
    ignoreUnknown: Boolean = false,
): Cohort = fromCsv(table.encodeToByteArray(), methodology, territories?.encodeToByteArray(), period, ignoreUnknown)

/** Reads a reference document; without [methodology], the embedded one that it names is taken. */
fun Reference.Companion.fromJson(document: String, methodology: Methodology? = null): Reference =
    fromJson(document.encodeToByteArray(), methodology)

/** Largest whole number up to which binary64 tells every one from the next. */
private const val MAX_COUNT = 9_007_199_254_740_991L

/**
 * An account, with metrics as whole numbers or not: `account("instagram", "followers" to 18700, "posts" to 31)`.
 * `null` is a number that is not known.
 *
 * @throws IllegalArgumentException for a `Long` that no binary64 holds exactly
 */
fun account(
    network: String,
    vararg metrics: Pair<String, Number?>,
    main: Boolean = false,
    formerlyOf: String? = null,
): Account = Account(network, metrics.associate { (name, value) -> name to number(name, value) }, main, formerlyOf)

/**
 * What would one metric of the territory's account on a network bring, were it [value]? `null` is a number that is not
 * known.
 *
 * @throws IllegalArgumentException for a `Long` that no binary64 holds exactly
 */
fun Reference.simulate(territory: Territory, network: String, metric: String, value: Number?): Simulation =
    simulate(territory, listOf(Change(network, metric, number(metric, value))))

private fun number(name: String, value: Number?): Double = when (value) {
    null -> Double.NaN
    is Long -> {
        require(value in -MAX_COUNT..MAX_COUNT) { "$name: $value is beyond what a number can hold exactly" }
        value.toDouble()
    }
    // What is written of a binary32 is what it means: 0.1f is 0.1.
    is Float -> value.toString().toDouble()
    is Double, is Int, is Short, is Byte -> value.toDouble()
    else -> throw IllegalArgumentException("$name: give an Int, a Long, a Float or a Double, not a ${value::class.simpleName}")
}
