package bareme

import java.io.File

/** The repository. */
val root: File = generateSequence(File("").absoluteFile) { it.parentFile }.first { File(it, "spec/vectors").isDirectory }

const val METHOD = "observatoire-instagram@2017.10"

val petiteFrance: ByteArray by lazy { File(root, "examples/petite-france/cohort-synthetic.csv").readBytes() }

fun menton(): Territory = Territory(
    id = "06083",
    name = "Menton",
    structureType = "commune",
    population = 30326,
    accounts = listOf(
        account("instagram", "followers" to 18700, "following" to 350, "posts" to 31, "likes" to 9000, "comments" to 240),
    ),
)

/** What a work throws. */
inline fun <reified T : Throwable> thrown(work: () -> Unit): T {
    try {
        work()
    } catch (failure: Throwable) {
        return failure as? T ?: throw failure
    }
    throw AssertionError("nothing was thrown")
}
