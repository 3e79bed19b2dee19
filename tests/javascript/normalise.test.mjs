import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { keyValue, markAlone, place, sameGroup } from "./alone.mjs";
import { add, binary, compare, decimal, div, frac, mark, methods, oriented, quantile, round64, show } from "./normalise.mjs";

const VECTORS = new URL("../../spec/vectors/bareme-1/", import.meta.url);

const merge = (target, patch) => {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const merged = target !== null && typeof target === "object" && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
};

const read = (given, base) =>
  given.text !== undefined ? JSON.parse(given.text) : given.json !== undefined ? given.json : merge(base, given.merge);

/** Why a criterion is not compared: what it asks is not on the three pages, or not in the operator. */
class Skip extends Error {}

// The raw value is taken from the cohort, exact, and must round to the bits that
// the case expects of it.
function rawValue(indicator, territory, accounts, expected) {
  if (expected.raw === null || expected.raw === undefined) return null;
  if (["ineligible", "absent", "outside_strata", "imputed"].includes(expected.state)) return null;
  const own = accounts.filter((a) => a.territory === territory.id && a.network === expected.network);
  let value;
  if (expected.state === "raw_zero") value = frac(0n);
  else {
    if (own.length > 1) throw new Skip("several accounts");
    const operand = (word) => {
      if (/^\d/.test(word)) return decimal(word);
      const given = own[0]?.metrics?.[word] ?? territory.attributes?.[word] ?? territory[word];
      if (typeof given !== "number") throw new Skip("a formula that is not simple");
      return decimal(given);
    };
    const [, a, b] = /^([a-z]\w*)(?: \/ (\w+))?$/.exec(indicator.formula) ?? [];
    if (a === undefined) throw new Skip("a formula that is not simple");
    value = b === undefined ? operand(a) : div(operand(a), operand(b));
  }
  assert.equal(show(value)?.bits, expected.raw.bits, `raw value of ${territory.id}`);
  return value;
}

/** The group of a territory; null when it is unknown. */
function groupOf(within, territory, stratum) {
  // An empty text is not given: these vectors say so, the three pages do not.
  const given = (text) => text || null;
  const known = {
    stratum,
    structure_type: territory.structure_type,
    region: given(territory.region),
    department: given(territory.department),
  };
  const words = [within ?? "cohort"].flat().filter((word) => word !== "cohort");
  const group = words.map((word) => {
    if (!(word in known)) throw new Skip(`within ${word}`);
    return [word, known[word]];
  });
  return group.some(([, value]) => value === null) ? null : Object.fromEntries(group);
}

function compareCase(base, one, tally) {
  const methodology = read(one.methodology, base);
  const cohort = read(one.cohort, base);
  const territories = new Map(cohort.territories.map((t) => [t.id, t]));
  for (const indicator of methodology.indicators) {
    const method = indicator.normalise;
    if (!methods.includes(method?.method)) continue;
    const shown = one.expected.territories.flatMap((t) =>
      t.criteria.filter((c) => c.indicator === indicator.id).map((c) => ({ stratum: t.stratum, criterion: c, territory: territories.get(t.id) })),
    );
    for (const network of new Set(shown.map((s) => s.criterion.network))) {
      try {
        if (indicator.transform || indicator.winsorise) throw new Skip("a transform or a limit");
        if (indicator.statistics_weight) throw new Skip("weighted statistics");
        if (method.within !== undefined && methodology.strata.some((s) => s.minimum_size !== undefined)) throw new Skip("a minimum size");
        const rows = shown
          .filter((s) => s.criterion.network === network)
          .map((s) => ({
            ...s,
            value: rawValue(indicator, s.territory, cohort.accounts, s.criterion),
            group: groupOf(method.within, s.territory, s.stratum),
          }));
        for (const row of rows) {
          const found = markOf(indicator, row, rows);
          if (found === undefined) continue;
          const where = `${one.id}: ${row.territory.id}, ${indicator.id}`;
          assert.deepEqual(found, row.criterion.mark ?? null, where);
          tally.marks += 1;
          tally.cases.add(one.id);
        }
      } catch (error) {
        if (!(error instanceof Skip)) throw error;
        tally.skipped.push(`${one.id}: ${error.message}`);
      }
    }
  }
}

/** The mark as shown; null without one; undefined where there is none to compute. */
function markOf(indicator, row, rows) {
  const members = (same) => rows.filter((r) => r.value !== null && r.group !== null && same(r)).map((r) => r.value);
  let x = row.value;
  if (x === null && row.criterion.state === "unknown" && indicator.unknown === "impute_median") {
    // An x of no member: the median of its stratum.
    const known = rows.filter((r) => r.value !== null && r.stratum === row.stratum).map((r) => r.value);
    if (known.length === 0) return undefined;
    const median = quantile(known.map((v) => oriented(v, indicator.direction)), frac(1n, 2n));
    // The median is of distances: put back as a value at that distance.
    const target = indicator.direction.closest_to;
    x = target === undefined ? median : add(median, decimal(target));
  }
  if (x === null) return undefined;
  if (row.group === null) return indicator.unknown === "mark_zero" ? show(frac(0n)) : null;
  const m = mark(indicator.normalise, indicator.direction, x, members((r) => sameGroup(r.group, row.group)));
  if (m === null) return indicator.undefined === "mark_zero" ? show(frac(0n)) : null;
  return show(m);
}

/** Compares the marks and the places of one territory against a reference. */
function compareAlone(base, one, tally) {
  const methodology = read(one.methodology, base);
  const reference = read(one.reference, base);
  const cohort = read(one.cohort, base);
  const [territory] = cohort.territories;
  const expected = one.expected.territory;
  const { statistics } = reference;
  const member = reference.members.indexOf(territory.id);
  const value = (criterion) => {
    const indicator = methodology.indicators.find((i) => i.id === criterion.indicator);
    if (indicator.transform) throw new Skip("a transform");
    const raw = rawValue(indicator, territory, cohort.accounts, criterion);
    return raw === null ? null : oriented(raw, indicator.direction);
  };
  const skipping = (what) => {
    try {
      what();
    } catch (error) {
      if (!(error instanceof Skip)) throw error;
      tally.skipped.push(`${one.id}: ${error.message}`);
    }
  };
  expected.criteria.forEach((criterion, i) =>
    skipping(() => {
      const indicator = methodology.indicators.find((known) => known.id === criterion.indicator);
      if (!methods.includes(indicator.normalise?.method)) return;
      if (indicator.winsorise) throw new Skip("a limit");
      const own = value(criterion);
      const imputed = own === null && criterion.state === "unknown" && indicator.unknown === "impute_median";
      const text = imputed ? statistics.criteria[i].medians?.[expected.stratum] : undefined;
      const x = text === undefined ? own : keyValue(text);
      if (x === null) return;
      const group = groupOf(indicator.normalise.within, territory, expected.stratum);
      const entry = group && statistics.criteria[i].groups.find((known) => sameGroup(known.group, group));
      let found;
      if (!entry) found = indicator.unknown === "mark_zero" ? show(frac(0n)) : null;
      else {
        const m = markAlone(indicator.normalise, indicator.direction, x, entry, member, own !== null);
        found = m !== null ? show(m) : indicator.undefined === "mark_zero" ? show(frac(0n)) : null;
      }
      assert.deepEqual(found, criterion.mark ?? null, `${one.id}: ${criterion.indicator}`);
      tally.marks += 1;
      tally.cases.add(one.id);
    }),
  );
  const { ranking } = methodology;
  const keyOf = (key) => {
    if (key.index !== undefined) {
      const index = expected.indices.find((known) => known.id === key.index);
      const text = ranking.order_by === "published" ? index.published : index.score?.decimal;
      return { higher: true, value: text == null ? null : decimal(text) };
    }
    const found = expected.criteria.filter(
      (c) => c.indicator === key.indicator && (key.network === undefined || c.network === key.network),
    );
    if (found.length !== 1) throw new Skip("an indicator on several networks");
    const indicator = methodology.indicators.find((known) => known.id === key.indicator);
    return { higher: indicator.direction === "higher", value: value(found[0]) };
  };
  for (const view of methodology.views)
    skipping(() => {
      const key = [view.by, ...ranking.tie_breakers].map(keyOf);
      for (const shown of expected.ranks.filter((r) => r.view === view.id)) {
        const within = shown.within.split("+");
        const group = groupOf(within, territory, expected.stratum);
        let found = { rank: null, of: null };
        if (group !== null && key[0].value !== null) {
          const words = Object.entries(group);
          const belongs = (number) => {
            const finest = statistics.groups[statistics.seats[number]];
            return words.every(([word, value]) => finest[word] === value);
          };
          const values = key.map((k) => k.value);
          const higher = key.map((k) => k.higher);
          found = place(values, statistics.rankings[view.id], belongs, member, ranking.ties === "dense", higher);
        }
        assert.deepEqual(found, { rank: shown.rank, of: shown.of }, `${one.id}: ${view.id} within ${shown.within}`);
        tally.places += 1;
        tally.cases.add(one.id);
      }
    });
}

test("the worked example of normalise.md", () => {
  const values = ["2", "4", "4", "10"].map(decimal);
  const minMax = { method: "min_max", low: { statistic: "min" }, high: { statistic: "max" }, clamp: true, constant: 40 };
  const rank = { method: "rank", single: 70 };
  const closest = { closest_to: 4 };
  const table = [
    [minMax, "higher", [[0n], [25n], [25n], [100n]]],
    [minMax, "lower", [[100n], [75n], [75n], [0n]]],
    [minMax, closest, [[200n, 3n], [100n], [100n], [0n]]],
    [{ method: "percentile_rank" }, "higher", [[25n, 2n], [50n], [50n], [175n, 2n]]],
    [{ method: "percentile_rank" }, "lower", [[175n, 2n], [50n], [50n], [25n, 2n]]],
    [rank, "higher", [[0n], [200n, 3n], [200n, 3n], [100n]]],
    [rank, "lower", [[100n], [200n, 3n], [200n, 3n], [0n]]],
  ];
  for (const [method, direction, marks] of table)
    values.forEach((x, i) => assert.equal(compare(mark(method, direction, x, values), frac(...marks[i])), 0));
  // Values of no member.
  assert.equal(compare(mark({ method: "percentile_rank" }, "higher", decimal("3"), values), frac(25n)), 0);
  assert.equal(compare(mark(rank, "higher", decimal("3"), values), frac(0n)), 0);
  assert.equal(compare(mark(rank, "higher", decimal("1"), values), frac(0n)), 0);
});

test("the quantiles of reference.md", () => {
  assert.equal(compare(quantile(["1", "2", "4", "7", "9"].map(decimal), frac(3n, 4n)), frac(7n)), 0);
  assert.equal(compare(quantile(["2", "7", "9"].map(decimal), frac(3n, 4n)), frac(8n)), 0);
});

test("the numbers of numbers.md", () => {
  assert.deepEqual(show(frac(340n, 9n)), { bits: "4042e38e38e38e39", decimal: "37.77777777777778" });
  assert.deepEqual(show(frac(25220157913274779n, 108086391056891904n)), { bits: "3fcdddddddddddde", decimal: "0.23333333333333334" });
  // 2^1024 - 2^970 is the least value that rounds to an infinity.
  const limit = (1n << 1024n) - (1n << 970n);
  assert.equal(round64(frac(limit)), null);
  assert.equal(round64(frac(limit - 1n)), 0x7fefffffffffffffn);
  for (const text of ["5e-324", "2.2250738585072011e-308", "1e23", "-0.1"])
    assert.equal(round64(binary(round64(decimal(text)))), round64(decimal(text)));
});

/** Every vector of an operation that has a result, and why some are not compared. */
function compareAll(t, operation, result, comparison, least) {
  const tally = { marks: 0, places: 0, cases: new Set(), skipped: [] };
  const failures = [];
  for (const name of readdirSync(VECTORS).filter((n) => n.endsWith(".json")).sort()) {
    const file = JSON.parse(readFileSync(new URL(name, VECTORS), "utf8"));
    for (const one of file.cases.filter((c) => c.operation === operation && c.expected[result])) {
      try {
        comparison(file.methodology, one, tally);
      } catch (error) {
        failures.push(`${one.id}: ${error.message}`);
      }
    }
  }
  t.diagnostic(`${tally.marks} marks, ${tally.places} places of ${tally.cases.size} cases compared`);
  for (const reason of tally.skipped) t.diagnostic(`not compared: ${reason}`);
  assert.deepEqual(failures, []);
  assert.ok(tally.cases.size >= least, `only ${tally.cases.size} cases compared`);
}

test("every vector with one of these methods gives the same marks", (t) =>
  compareAll(t, "score", "territories", compareCase, 20));

test("every territory alone gets the same marks and places", (t) =>
  compareAll(t, "alone", "territory", compareAlone, 80));
