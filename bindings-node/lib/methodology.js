import * as native from '../native/index.js'
import { Cohort } from './cohort.js'
import { BaremeError, call, fault, translated } from './errors.js'
import { Held, handleOf, held } from './handle.js'
import { bytesOf, isBytes, refuse, textOf } from './json.js'
import { Scoring } from './scoring.js'

/** How often progress is told, in milliseconds. */
const PACE = 50

export class Methodology extends Held {
  #about
  #document

  static fromJson(document, { others = [] } = {}) {
    const handles = others.map((other, place) => handleOf(other, Methodology) ?? refuse('type', `/others/${place}`, other))
    const bytes = bytesOf(document)
    return held(Methodology, call(() => native.NativeMethodology.read(bytes, handles)))
  }

  get #what() {
    return (this.#about ??= JSON.parse(call(() => Held.handleOf(this).about())))
  }

  get id() {
    return this.#what.id
  }

  get version() {
    return this.#what.version
  }

  get status() {
    return this.#what.status
  }

  get title() {
    return this.#what.title
  }

  get methodSha256() {
    return this.#what.method_sha256
  }

  get documentSha256() {
    return this.#what.document_sha256
  }

  get document() {
    return (this.#document ??= frozen(JSON.parse(this.toJson())))
  }

  get pinned() {
    return call(() => Held.handleOf(this).pinned()).map((handle) => held(Methodology, handle))
  }

  toJson() {
    return call(() => Held.handleOf(this).toJson())
  }

  variant(patch) {
    const bytes = bytesOf(patch)
    return held(Methodology, call(() => Held.handleOf(this).variant(bytes)))
  }

  score(cohort, { threads } = {}) {
    const count = threadsOf(threads)
    const handle = cohortOf(cohort)
    return held(Scoring, call(() => Held.handleOf(this).score(handle, count)))
  }

  async scoreAsync(cohort, { signal, onProgress, threads } = {}) {
    const count = threadsOf(threads)
    if (signal?.aborted) throw cancelled(signal.reason)
    const watch = new native.Watch()
    const own = Held.handleOf(this)
    const begun =
      typeof cohort === 'string' || isBytes(cohort)
        ? call(() => own.scoreDocumentAsync(bytesOf(cohort), count, watch))
        : call(() => own.scoreAsync(cohortOf(cohort), count, watch))
    let stoppedBy
    const stop = (why) => {
      stoppedBy ??= { why }
      watch.stop()
    }
    const abort = () => stop(signal.reason)
    const tell = () => {
      const [done, total] = watch.progress()
      try {
        if (total > 0) onProgress(done, total)
      } catch (error) {
        stop(error)
      }
    }
    signal?.addEventListener('abort', abort, { once: true })
    const timer = onProgress && setInterval(tell, PACE)
    try {
      const scoring = held(Scoring, await begun)
      // The work may have been done before it could be stopped.
      if (stoppedBy === undefined && onProgress) tell()
      if (stoppedBy !== undefined) throw cancelled(stoppedBy.why)
      return scoring
    } catch (error) {
      throw translated(error, stoppedBy?.why)
    } finally {
      clearInterval(timer)
      signal?.removeEventListener('abort', abort)
    }
  }
}

/** Most threads that one scoring may ask for. */
const MOST_THREADS = 256

function threadsOf(threads = 1) {
  return Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS ? threads : refuse('type', '/threads', threads)
}

function cancelled(cause) {
  return new BaremeError([fault('cancelled', '')], { cause })
}

function cohortOf(cohort) {
  return handleOf(cohort, Cohort) ?? Held.handleOf(Cohort.from(cohort))
}

function frozen(value) {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen)
  return Object.freeze(value)
}

/** The methodologies that the package embeds, by id and version. */
export function catalogue() {
  return JSON.parse(call(() => native.catalogue()))
}

/** The embedded methodology of this name, `id@version`. */
export function methodology(name) {
  const asked = textOf(name)
  return held(Methodology, call(() => native.methodology(asked)))
}
