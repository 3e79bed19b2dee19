package bareme

/** What is wrong with the input: every fault at once. */
val BaremeException.faults: List<Fault>
    get() = when (this) {
        is BaremeException.Input -> faults
        is BaremeException.NotFound -> faults
        is BaremeException.Cancelled -> faults
        is BaremeException.Internal -> faults
    }

/** The code of the first fault. */
val BaremeException.code: String
    get() = faults.firstOrNull()?.code ?: "internal"

/** The faults in words, a line for each. */
fun BaremeException.lines(language: Language): List<String> = faults.map { it.line.of(language) }

/** The version in a language. */
fun Text.of(language: Language): String = when (language) {
    Language.FRENCH -> fr
    Language.ENGLISH -> en
}

/** The JSON Pointer, when the fault is in a document. */
val Fault.pointer: String?
    get() = (place as? Place.Pointer)?.pointer
