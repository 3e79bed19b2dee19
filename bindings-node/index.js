// Scores of territories on social media that anyone can recompute. `index.d.ts` is the documentation.
import * as native from './native/index.js'
import { about, call } from './lib/errors.js'
import { textOf } from './lib/json.js'

export { BaremeError } from './lib/errors.js'
export { Cohort } from './lib/cohort.js'
export { Methodology, catalogue, methodology } from './lib/methodology.js'
export { Publication, Receipt, verify } from './lib/publication.js'
export { Reference } from './lib/reference.js'
export { Scoring } from './lib/scoring.js'

/** The version of this package. */
export const version = about.version

/** The version of the language of documents. */
export const language = about.language

/** Every code of a fault, and what it means. */
export const errorCodes = Object.freeze(about.codes)

/** The JSON Schema of a kind of document. */
export function schema(name) {
  const asked = textOf(name)
  const text = call(() => native.schema(asked))
  return text === null ? undefined : JSON.parse(text)
}
