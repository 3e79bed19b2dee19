// `min_max`, `percentile_rank` and `rank` over the values of one group, written
// from spec/normalise.md, spec/numbers.md and spec/reference.md alone.
// A number is a rational {n, d} of BigInt: reduced, d > 0.

const abs = (a) => (a < 0n ? -a : a);
const gcd = (a, b) => {
  while (b) [a, b] = [b, a % b];
  return a;
};

export const frac = (n, d = 1n) => {
  const g = gcd(abs(n), abs(d)) * (d < 0n ? -1n : 1n);
  return { n: n / g, d: d / g };
};
export const add = (a, b) => frac(a.n * b.d + b.n * a.d, a.d * b.d);
export const sub = (a, b) => frac(a.n * b.d - b.n * a.d, a.d * b.d);
export const mul = (a, b) => frac(a.n * b.n, a.d * b.d);
export const div = (a, b) => frac(a.n * b.d, a.d * b.n);
export const compare = (a, b) => {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

const ZERO = frac(0n);
const HUNDRED = frac(100n);

/** What a number that is written means: its decimal, not its binary value. */
export function decimal(number) {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(
    String(number),
  );
  const power = Number(exponent) - fraction.length;
  const digits = BigInt(sign + whole + fraction);
  return power < 0 ? frac(digits, 10n ** BigInt(-power)) : frac(digits * 10n ** BigInt(power));
}

/** The 64 bits of the nearest binary64, ties to even, as a BigInt; null for an infinity. */
export function round64({ n, d }) {
  if (n === 0n) return 0n;
  const a = abs(n);
  // The place of the leading bit: 2^e <= a/d < 2^(e+1).
  let e = a.toString(2).length - d.toString(2).length;
  if (e >= 0 ? a < d << BigInt(e) : a << BigInt(-e) < d) e -= 1;
  // The last place: 52 below it, never below that of the subnormal numbers.
  const last = Math.max(e, -1022) - 52;
  const [top, bottom] = last >= 0 ? [a, d << BigInt(last)] : [a << BigInt(-last), d];
  let m = top / bottom;
  const twice = 2n * (top % bottom);
  if (twice > bottom || (twice === bottom && m & 1n)) m += 1n;
  // With the leading bit of m added to the exponent, a carry and a subnormal
  // number come out right by themselves.
  const bits = m + (BigInt(last + 1074) << 52n);
  if (bits >= 0x7ffn << 52n) return null;
  return n < 0n && bits ? bits | (1n << 63n) : bits;
}

const view = new DataView(new ArrayBuffer(8));

export function toNumber(bits) {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

/** The exact binary value of a binary64. */
export function binary(bits) {
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const low = bits & ((1n << 52n) - 1n);
  const m = (exponent ? low | (1n << 52n) : low) * (bits >> 63n ? -1n : 1n);
  const power = Math.max(exponent, 1) - 1075;
  return power < 0 ? frac(m, 1n << BigInt(-power)) : frac(m << BigInt(power));
}

/** A value as vectors show it: 16 hexadecimal digits, and the shortest decimal. */
export function show(value) {
  const bits = round64(value);
  // ECMAScript prints the shortest decimal, as numbers.md says.
  return bits === null ? null : { bits: bits.toString(16).padStart(16, "0"), decimal: String(toNumber(bits)) };
}

/** The value that is marked: the distance for `closest_to`, else the value itself. */
export function oriented(value, direction) {
  if (direction.closest_to === undefined) return value;
  const distance = sub(value, decimal(direction.closest_to));
  return frac(abs(distance.n), distance.d);
}

/** Quantile of type 7, q rational, of at least one value. */
export function quantile(values, q) {
  const sorted = [...values].sort(compare);
  const h = mul(frac(BigInt(sorted.length - 1)), q);
  const k = h.n / h.d;
  const low = sorted[Number(k)];
  const rest = sub(h, frac(k));
  return rest.n === 0n ? low : add(low, mul(rest, sub(sorted[Number(k) + 1], low)));
}

/** Of binary values, rounded, and from then on its decimal; null if it does not exist. */
export function mean(values) {
  let sum = ZERO;
  for (const value of values) {
    const bits = round64(value);
    if (bits === null) return null;
    sum = add(sum, binary(bits));
  }
  const bits = round64(div(sum, frac(BigInt(values.length))));
  return bits === null ? null : decimal(toNumber(bits));
}

function bound(of, values) {
  if (of.fixed !== undefined) return decimal(of.fixed);
  if (values.length === 0) return null;
  if (of.quantile !== undefined) return quantile(values, decimal(of.quantile));
  switch (of.statistic) {
    case "min":
      return quantile(values, frac(0n));
    case "max":
      return quantile(values, frac(1n));
    case "median":
      return quantile(values, frac(1n, 2n));
    case "mean":
      return mean(values);
  }
  throw new Error(`no such bound: ${JSON.stringify(of)}`);
}

const METHODS = {
  min_max(method, lower, x, { low, high }) {
    if (low === null || high === null) return null;
    const order = compare(low, high);
    if (order === 0) return decimal(method.constant);
    if (order > 0) return null;
    let m = div(mul(HUNDRED, sub(x, low)), sub(high, low));
    if (lower) m = sub(HUNDRED, m);
    if (!method.clamp) return m;
    if (compare(m, ZERO) < 0) return ZERO;
    return compare(m, HUNDRED) > 0 ? HUNDRED : m;
  },

  percentile_rank(_, lower, x, { n, less, equal, more }) {
    if (n === 0n) return null;
    return frac(100n * (2n * (lower ? more : less) + equal), 2n * n);
  },

  rank(method, lower, x, { n, less, more }) {
    if (n === 0n) return null;
    if (n === 1n) return decimal(method.single);
    const r = (lower ? less : more) + 1n;
    return r > n ? ZERO : frac(100n * (n - r), n - 1n);
  },
};

/** How x stands among members: `entries` are values with how many members have each. */
export function standing(x, entries) {
  let [less, equal, more] = [0n, 0n, 0n];
  for (const [value, count] of entries) {
    const order = compare(value, x);
    if (order < 0) less += count;
    else if (order > 0) more += count;
    else equal += count;
  }
  return { n: less + equal + more, less, equal, more };
}

export const methods = Object.keys(METHODS);

/** The exact mark of an oriented x against what the method asks of its group; null if undefined. */
export function markAgainst(method, direction, x, statistics) {
  const m = METHODS[method.method](method, direction !== "higher", x, statistics);
  return m === null || round64(m) === null ? null : m;
}

/**
 * The exact mark of the value x against the values of the members of its group,
 * x among them if it is a member's; null if undefined. Values as given: they
 * are turned into distances here.
 */
export function mark(method, direction, x, values) {
  const all = values.map((value) => oriented(value, direction));
  const own = oriented(x, direction);
  const statistics =
    method.method === "min_max"
      ? { low: bound(method.low, all), high: bound(method.high, all) }
      : standing(own, all.map((value) => [value, 1n]));
  return markAgainst(method, direction, own, statistics);
}
