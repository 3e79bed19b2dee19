package bareme

import java.io.File

/** The repository. */
val root: File = generateSequence(File("").absoluteFile) { it.parentFile }.first { File(it, "spec/vectors").isDirectory }

const val METHOD = "observatoire-instagram@2017.10"

val petiteFrance: ByteArray by lazy { File(root, "examples/petite-france/cohort-synthetic.csv").readBytes() }

fun menton(likes: Int = 9000, posts: Int = 31): Territory = Territory(
    id = "06083",
    name = "Menton",
    structureType = "commune",
    population = 30326,
    accounts = listOf(
        account("instagram", "followers" to 18700, "following" to 350, "posts" to posts, "likes" to likes, "comments" to 240),
    ),
)

/** A methodology with one criterion: how much the number of followers grew. */
const val GROWTH = """{
  "language": "bareme/1", "document": "methodology", "id": "croissance", "version": "1", "status": "draft",
  "title": {"fr": "Croissance"}, "several_accounts": "sum", "outside_strata": "leave_out",
  "structure_types": {"commune": {"label": {"fr": "commune"}}}, "networks": {"net": {"label": {"fr": "Réseau"}}},
  "metrics": {"followers": {"kind": "count", "measure": "stock", "label": {"fr": "abonnés"}}},
  "strata": [{"id": "communes", "label": {"fr": "communes"}, "structure_types": ["commune"]}],
  "indicators": [{
    "id": "growth", "label": {"fr": "croissance"}, "formula": "100 * (followers - previous.followers) / previous.followers",
    "direction": "higher", "undefined": "leave_out", "unknown": "leave_out",
    "normalise": {"method": "min_max", "within": "stratum", "low": {"statistic": "min"}, "high": {"statistic": "max"}, "clamp": true, "constant": 50}
  }],
  "index": {
    "id": "score", "label": {"fr": "score"}, "network": "net", "absent": "leave_out", "aggregate": "arithmetic",
    "missing": "renormalise", "of": [{"indicator": "growth", "weight": 1}]
  },
  "ranking": {"order_by": "published", "ties": "competition", "tie_breakers": [], "within": ["cohort"]},
  "views": [{"id": "best", "label": {"fr": "les meilleurs"}, "by": {"index": "score"}}],
  "publication": {"decimals": 1, "rounding": "half_up"}
}"""

/** What a work throws. */
inline fun <reified T : Throwable> thrown(work: () -> Unit): T {
    try {
        work()
    } catch (failure: Throwable) {
        return failure as? T ?: throw failure
    }
    throw AssertionError("nothing was thrown")
}
