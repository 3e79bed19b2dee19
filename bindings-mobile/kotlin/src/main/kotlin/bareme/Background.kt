package bareme

import kotlin.coroutines.resumeWithException
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext

/** How often progress is told. */
private val PACE = 50.milliseconds

/**
 * Scores a cohort on other threads, [threads] of them. Cancelled, it returns at once, and the work stops soon after.
 *
 * @param onProgress is told from time to time how far the work is, in the caller's context
 */
suspend fun Methodology.scoreInBackground(
    cohort: Cohort,
    threads: Int = 1,
    onProgress: ((Progress) -> Unit)? = null,
): Scoring = coroutineScope {
    val watch = Watch()
    val teller = onProgress?.let { tell ->
        launch {
            while (true) {
                delay(PACE)
                watch.progress().takeIf { it.total > 0 }?.let(tell)
            }
        }
    }
    try {
        suspendCancellableCoroutine { continuation ->
            continuation.invokeOnCancellation { watch.stop() }
            Dispatchers.Default.dispatch(continuation.context) { finish(continuation) { score(cohort, threads, watch) } }
        }.also { onProgress?.invoke(watch.progress()) }
    } finally {
        teller?.cancel()
    }
}

/** Resumes with what the work gives; what comes too late is let go. */
private fun finish(continuation: CancellableContinuation<Scoring>, work: () -> Scoring) {
    val scoring = try {
        work()
    } catch (failure: Throwable) {
        continuation.resumeWithException(failure)
        return
    }
    continuation.resume(scoring) { _, late, _ -> late.close() }
}

/** Verifies a publication or a receipt on another thread; see [verify]. */
suspend fun verifyInBackground(
    document: ByteArray,
    cohort: Cohort? = null,
    reference: ByteArray? = null,
    keys: List<String> = emptyList(),
    known: List<Methodology> = emptyList(),
): Verification = withContext(Dispatchers.Default) { verify(document, cohort, reference, keys, known) }

/** Reads a cohort document on another thread. */
suspend fun Cohort.Companion.fromJsonInBackground(document: ByteArray): Cohort =
    withContext(Dispatchers.Default) { fromJson(document) }
