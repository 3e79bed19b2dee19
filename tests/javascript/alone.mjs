// One territory against a reference: marks of `min_max`, `percentile_rank` and `rank`, and places, written
// from spec/reference.md and the pages that it names alone.
import { compare, decimal, frac, markAgainst, standing } from "./normalise.mjs";

/** A text n/d. */
export const exact = (text) => frac(...text.split("/").map(BigInt));

/** Is it the same group: the same words with the same values? */
export function sameGroup(a, b) {
  const words = Object.keys(a);
  return words.length === Object.keys(b).length && words.every((word) => a[word] === b[word]);
}

/**
 * The exact mark by an entry of the `groups` of a criterion; null if undefined. `x` is oriented. `member` is
 * the territory's number, or -1; `has` says whether x is its own value, and not one imputed.
 */
export function markAlone(method, direction, x, entry, member, has) {
  if (method.method === "min_max") {
    const [low, high] = ["low", "high"].map((name) => (entry[name] === undefined ? null : exact(entry[name])));
    return markAgainst(method, direction, x, { low, high });
  }
  const entries = (entry.values ?? []).map((value, i) => [exact(value), BigInt(entry.counts[i])]);
  // The member's old entry is taken out; with a value, one of its x is put in.
  const old = (entry.members ?? []).findIndex((numbers) => numbers.includes(member));
  if (old >= 0) {
    entries[old][1] -= 1n;
    if (has) entries.push([x, 1n]);
  }
  return markAgainst(method, direction, x, standing(x, entries));
}

/** -1 if the key `a` is better than `b`; `higher` says of each of its texts whether more is better. */
function compareKeys(a, b, higher) {
  for (let i = 0; i < a.length; i += 1) {
    if (a[i] === null || b[i] === null) {
      if (a[i] !== b[i]) return a[i] === null ? 1 : -1;
      continue;
    }
    const order = compare(a[i], b[i]);
    if (order !== 0) return higher[i] ? -order : order;
  }
  return 0;
}

/** The text of a key: a decimal, an exact, or nothing. */
export const keyValue = (text) => (text === "" ? null : text.includes("/") ? exact(text) : decimal(text));

/**
 * The place of a key among the members of a group, and how many they are. `belongs` tells whether the member
 * of a number is of the group.
 */
export function place(key, { keys, members }, belongs, member, dense, higher) {
  let [better, of] = [0, 0];
  keys.forEach((texts, i) => {
    const inside = members[i].filter(belongs);
    of += inside.length;
    if (compareKeys(texts.map(keyValue), key, higher) >= 0) return;
    const others = inside.filter((number) => number !== member).length;
    better += dense ? Math.min(others, 1) : others;
  });
  return { rank: better + 1, of };
}
