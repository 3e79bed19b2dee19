import * as native from '../native/index.js'
import { Alone } from './alone.js'
import { Cohort } from './cohort.js'
import { BaremeError, call, translated } from './errors.js'
import { Held, handleOf, held } from './handle.js'
import { bytesOf, bytesOfCohort, refuse, textOf } from './json.js'
import { Methodology } from './methodology.js'

export class Reference extends Held {
  #methodology
  #sha256
  #alone

  static fromJson(document, methodology) {
    const bytes = bytesOf(document)
    const handle =
      methodology === undefined
        ? call(() => native.methodology(native.methodologyOfReference(bytes)))
        : (handleOf(methodology, Methodology) ?? refuse('type', '', methodology))
    return held(Reference, call(() => native.NativeReference.read(bytes, handle)))
  }

  get methodology() {
    return (this.#methodology ??= held(Methodology, call(() => Held.handleOf(this).methodology())))
  }

  get sha256() {
    return (this.#sha256 ??= call(() => Held.handleOf(this).digest()))
  }

  get synthetic() {
    return call(() => Held.handleOf(this).isSynthetic())
  }

  isMember(territory) {
    const id = textOf(territory)
    return call(() => Held.handleOf(this).isMember(id))
  }

  score(territory) {
    const quick = call(() => (this.#alone ??= new Alone(Held.handleOf(this))).score(territory))
    if (quick !== undefined) return quick
    const score = scored(this, territory)
    this.#alone.learn(score)
    return score
  }

  scoreEach(cohort) {
    const handle = handleOf(cohort, Cohort) ?? Held.handleOf(Cohort.from(cohort))
    return JSON.parse(call(() => Held.handleOf(this).scoreEach(handle)))
  }

  toJson() {
    return call(() => Held.handleOf(this).toJson())
  }
}

/** The territory as the cohort of one that it is scored in. */
function scored(reference, territory) {
  if (typeof territory !== 'object' || territory === null || Array.isArray(territory)) refuse('type', '', territory)
  const { accounts = [], previous, synthetic, period, ...own } = territory
  const cohort = { language: 'bareme/1', document: 'cohort', period, territories: [own], accounts: under(accounts, own.id), synthetic }
  if (previous !== undefined) cohort.previous = { ...previous, accounts: under(previous?.accounts ?? [], own.id) }
  try {
    return JSON.parse(Held.handleOf(reference).score(bytesOfCohort(cohort)))
  } catch (error) {
    throw placed(translated(error))
  }
}

/** Accounts that need not say whose they are. */
function under(accounts, territory) {
  if (!Array.isArray(accounts)) return accounts
  return accounts.map((account) =>
    typeof account === 'object' && account !== null && !Array.isArray(account) ? { territory, ...account } : account,
  )
}

/** Pointers into the territory that was given, and not into a list that holds it alone. */
function placed(error) {
  const faults = error.faults.map((fault) => {
    if (!fault.pointer?.startsWith('/territories/0')) return fault
    const pointer = fault.pointer.slice('/territories/0'.length)
    const line = Object.fromEntries(
      Object.entries(fault.line).map(([language, line]) => [language, (pointer || '(document)') + line.slice(fault.pointer.length)]),
    )
    return { ...fault, pointer, line }
  })
  return new BaremeError(faults, { omitted: error.omitted, cause: error.cause })
}
