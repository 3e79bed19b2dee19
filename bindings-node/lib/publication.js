import * as native from '../native/index.js'
import { Cohort } from './cohort.js'
import { call } from './errors.js'
import { Held, handleOf, held } from './handle.js'
import { bytesOf, refuse, textOf } from './json.js'
import { Methodology } from './methodology.js'

export class Publication extends Held {
  #methodology
  #head

  static fromJson(document) {
    const bytes = bytesOf(document)
    return held(Publication, call(() => native.NativePublication.read(bytes)))
  }

  get sha256() {
    return call(() => Held.handleOf(this).digest())
  }

  get head() {
    return (this.#head ??= JSON.parse(call(() => Held.handleOf(this).head())))
  }

  get methodology() {
    return (this.#methodology ??= held(Methodology, call(() => Held.handleOf(this).methodology())))
  }

  sheet({ decimalComma = false } = {}) {
    return call(() => Held.handleOf(this).sheet(decimalComma === true))
  }

  receipt(territory, { reference = true } = {}) {
    const id = textOf(territory)
    return held(Receipt, call(() => Held.handleOf(this).receipt(id, reference === true)))
  }

  document() {
    return JSON.parse(this.toJson())
  }

  toJson() {
    return call(() => Held.handleOf(this).toJson())
  }

  toBytes() {
    return call(() => Held.handleOf(this).toBytes())
  }
}

export class Receipt extends Held {
  #methodology

  static fromJson(document) {
    const bytes = bytesOf(document)
    return held(Receipt, call(() => native.NativeReceipt.read(bytes)))
  }

  get sha256() {
    return call(() => Held.handleOf(this).digest())
  }

  get territory() {
    return call(() => Held.handleOf(this).id())
  }

  get methodology() {
    return (this.#methodology ??= held(Methodology, call(() => Held.handleOf(this).methodology())))
  }

  document() {
    return JSON.parse(this.toJson())
  }

  toJson() {
    return call(() => Held.handleOf(this).toJson())
  }
}

/** Verifies a publication or a receipt as deeply as it can be. */
export function verify(document, { cohort, reference, keys = [], known = [], disagreements } = {}) {
  const bytes = handleOf(document, Publication) ? document.toBytes() : handleOf(document, Receipt) ? bytesOf(document.toJson()) : bytesOf(document)
  const given = cohort === undefined ? undefined : (handleOf(cohort, Cohort) ?? Held.handleOf(Cohort.from(cohort)))
  if (disagreements !== undefined && !(Number.isInteger(disagreements) && disagreements >= 0 && disagreements < 2 ** 32))
    refuse('type', '/disagreements', disagreements)
  const texts = keys.map((key, place) => textOf(key, `/keys/${place}`))
  const handles = known.map((one, place) => handleOf(one, Methodology) ?? refuse('type', `/known/${place}`, one))
  const statistics = reference === undefined ? undefined : bytesOf(typeof reference?.toJson === 'function' ? reference.toJson() : reference)
  return JSON.parse(call(() => native.verify(bytes, given, statistics, texts, handles, disagreements)))
}
