// The classes that users see hold one value of the native module, which only these modules reach.

/** Only who has this makes an object of ours. */
const KEY = Symbol('bareme')

export class Held {
  #handle

  constructor(key, handle) {
    if (key !== KEY) throw new TypeError(`${new.target.name} has no public constructor: use its static methods`)
    this.#handle = handle
  }

  static handleOf(object) {
    return typeof object === 'object' && object !== null && #handle in object ? object.#handle : undefined
  }
}

/** The native value of an object, or nothing if it is none of `type`. */
export function handleOf(object, type) {
  return object instanceof type ? Held.handleOf(object) : undefined
}

/** An object of ours that holds a native value. */
export function held(type, handle) {
  return new type(KEY, handle)
}
