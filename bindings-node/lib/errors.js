// What is wrong, as an error: all faults at once, and never a bare exception of the native module.
import * as native from '../native/index.js'

/** What the native module says of itself: version, language, codes, statuses. */
export const about = JSON.parse(native.about())

/** How many faults the message repeats. */
const SHOWN = 5

export class BaremeError extends Error {
  constructor(faults, { omitted = 0, cause } = {}) {
    const more = faults.length - SHOWN + omitted
    const lines = faults.slice(0, SHOWN).map((fault) => fault.line.en)
    super((more > 0 ? [...lines, `and ${more} more`] : lines).join('\n'), cause === undefined ? undefined : { cause })
    this.faults = faults
    this.omitted = omitted
    this.code = faults[0].code
  }

  get name() {
    return 'BaremeError'
  }

  lines(language = 'en') {
    return this.faults.map((fault) => fault.line[language])
  }
}

/** A fault without a place in an input: of a request, or of ours. */
export function fault(code, value, expected = { fr: '', en: '' }) {
  const meaning = about.codes[code]
  const line = (language) =>
    [`(document) ${code} ${meaning[language]}`, value, expected[language]].filter(Boolean).join('; ')
  return {
    code,
    pointer: '',
    value,
    meaning,
    expected,
    advice: { fr: '', en: '' },
    line: { fr: line('fr'), en: line('en') },
  }
}

/** The native module's faults, each with its place as a member of its own. */
function told({ faults, omitted }, cause) {
  const flat = faults.map(({ code, place, ...rest }) => ({ code, ...place, ...rest }))
  return new BaremeError(flat, { omitted, cause })
}

/** The error that users see in place of what the native module threw. */
export function translated(error, cause) {
  if (error instanceof BaremeError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (message.startsWith('{"faults":')) return told(JSON.parse(message), cause)
  return new BaremeError([fault('internal', message)], { cause: error })
}

/** Calls the native module. */
export function call(work) {
  try {
    return work()
  } catch (error) {
    throw translated(error)
  }
}
