"""numbers.md: reading, rounding, score and published score, overflow."""

from __future__ import annotations

from .build import (
    LETTERS,
    Row,
    child,
    cohort,
    index,
    indicator,
    inner,
    methodology,
    one,
    proportion,
    spelled,
    values,
    z_score,
)
from .case import Page

page = Page("numbers")

# Reading.
for name, number, about in [
    ("cannot-2-53-plus-1", "9007199254740993", "2^53 + 1 is no binary64."),
    ("cannot-19-digits", "0.1234567890123456789", "More digits than a binary64 holds."),
    (
        "cannot-not-shortest",
        "0.300000000000000044",
        "It reads to the binary64 of 0.30000000000000004, of which it is not the shortest decimal.",
    ),
    ("cannot-binary-value", "0.1000000000000000055511151231257827", "The binary value of 0.1 is not its decimal."),
    ("cannot-subnormal", "3e-324", "Nearest to 5e-324, which is written so."),
    ("cannot-too-large", "1e309", "Beyond the range."),
    (
        "cannot-half-way-to-infinity",
        "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880",
        "2^1024 - 2^970, where rounding turns to infinity.",
    ),
    ("cannot-too-small", "1e-999", "Nearest to 0 and not 0."),
    ("cannot-just-below-subnormal", "2.4703282292062327e-324", "Half of the smallest subnormal, rounded to 0."),
]:
    text = spelled(values("<n>"), n=number)
    page.cohort(name, about, "number_not_representable /accounts/0/metrics/a", text, "malformed rounding")
SPELLED = {
    "s1": "0.10",
    "s2": "1e-1",
    "s3": "1E2",
    "s4": "100.0",
    "s5": "-0",
    "s6": "0e99999",
    "s7": "1e23",
    "s8": "9007199254740992",
    "s9": "5e-324",
    "s10": "0.30000000000000004",
    "s11": "0.3",
    "s12": "1.7976931348623157e+308",
}
IDS = list("pqrstuvwklmn")
page.score(
    "read-spelt",
    "Numbers in many spellings, each the shortest decimal of a binary64: 0.10 and 1e-1 say the same, -0 and 0e99999 are 0, 1e23 and 5e-324 are read.",
    "minus-zero tiny huge",
    one(),
    spelled(cohort([Row(i, {"a": f"<{n}>"}) for i, n in zip(IDS, SPELLED, strict=True)]), **SPELLED),
)
page.score(
    "read-2-53",
    "Counts up to 2^53 - 1, and their exact difference.",
    "huge",
    methodology(indicator(formula="n - k")),
    cohort(
        [
            Row("p", {"n": 9007199254740991, "k": 9007199254740990}),
            Row("q", {"n": 9007199254740991, "k": 0}),
            Row("r", {"n": 0, "k": 9007199254740991}),
        ]
    ),
)
page.score(
    "decimals-not-binary",
    "0.1 + 0.2 is 3/10: numbers mean their decimals.",
    "rounding",
    methodology(indicator(formula="a + b")),
    cohort([Row("p", {"a": 0.1, "b": 0.2}), Row("q", {"a": 1.1, "b": 2.2}), Row("r", {"a": 0.1, "b": 0.7})]),
)

# Published.
HALVES = [0.05, 0.15, 0.25, -0.05, -0.15, -0.25, 0.35, 0.45, 2.5, -0.04, 0.04999999999999999, 99.95, 0]
for rounding in ("half_up", "half_even", "down"):
    page.score(
        f"published-{rounding.replace('_', '-')}",
        f"Exact ties at one decimal, both signs, by {rounding}; no sign before 0.",
        "tie rounding negative minus-zero",
        methodology(publication={"decimals": 1, "rounding": rounding}),
        values(*HALVES),
    )
    page.score(
        f"published-{rounding.replace('_', '-')}-whole",
        f"Ties without decimals by {rounding}: no point is written.",
        "tie rounding negative",
        methodology(publication={"decimals": 0, "rounding": rounding}),
        values(0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.4999999999999999, 1e21, -1e-7, 99.5, -0.4),
    )
    page.score(
        f"published-{rounding.replace('_', '-')}-12",
        f"Twelve decimals by {rounding}, with more digits than a binary64 has.",
        "rounding huge tiny",
        methodology(indicator(formula="a / 3"), publication={"decimals": 12, "rounding": rounding}),
        values(100000, -100000, 1, 2, 1e15, 1e-12, 1.5e-12, -1.5e-12, 4503599627370496),
    )
page.score(
    "published-from-exact",
    "Published from the exact value, never from the score: 47.25 less 10^-20 has the score 47.25, and is 47.2.",
    "tie rounding",
    methodology(indicator(formula="a - b")),
    cohort(
        [
            Row("p", {"a": 47.25, "b": 1e-20}),
            Row("q", {"a": 47.25, "b": 0}),
            Row("r", {"a": 47.25, "b": -1e-20}),
            Row("s", {"a": -47.25, "b": 1e-20}),
            Row("t", {"a": -47.25, "b": -1e-20}),
        ]
    ),
    "47.2 47.3 47.3 -47.3 -47.2",
)
page.score(
    "published-huge",
    "The largest values, written in full.",
    "huge",
    methodology(publication={"decimals": 2, "rounding": "half_even"}),
    values(1.7976931348623157e308, -1.7976931348623157e308, 1e21, 123456789012345680000),
)
page.score(
    "published-tiny",
    "The smallest: rounded to 0, without sign.",
    "tiny minus-zero negative",
    methodology(publication={"decimals": 12, "rounding": "half_up"}),
    values(5e-324, -5e-324, 5e-13, -5e-13, 4.9e-13, -4.9e-13),
    "0.000000000000 0.000000000000 0.000000000001 -0.000000000001 0.000000000000 0.000000000000",
)

# Scores.
page.score(
    "score-example",
    "The example of the page: 340/9.",
    "rounding",
    methodology([indicator(), indicator("j", "b")], index(of=[child("i", 2), child("j", 1)])),
    cohort([Row("p", {"a": 40, "b": 33.333333333333336}), Row("q", {"a": 10, "b": 20})]),
)
page.score(
    "score-ties-to-even",
    "Exact values half-way between two binary64s: 2^53 + 1, + 3, both signs, and thirds near by.",
    "tie rounding huge",
    methodology(indicator(formula="n + k + a")),
    cohort(
        [
            Row(i, {"n": 9007199254740991, "k": k, "a": a})
            for i, k, a in zip(LETTERS, (2, 4, 6, 8, 2, 2, 3), (0, 0, 0, 0, 1e-300, -1e-300, 0), strict=False)
        ]
    ),
)
page.score(
    "score-ties-to-even-negative",
    "The same below 0.",
    "tie rounding negative",
    methodology(indicator(formula="-n - k")),
    cohort([Row(i, {"n": 9007199254740991, "k": k}) for i, k in zip(LETTERS, (2, 4, 6, 8), strict=False)]),
)
page.score(
    "score-subnormal-ties",
    "Half-way between subnormal numbers: 5e-324 / 2 rounds to 0, three halves of it to 1e-323.",
    "tie rounding tiny",
    methodology(indicator(formula="a * b / c")),
    cohort(
        [
            Row(i, {"a": 5e-324, "b": b, "c": c})
            for i, b, c in zip(LETTERS, (1, 3, 5, 7, 1, -1, -3), (2, 2, 2, 2, 3, 2, 2), strict=False)
        ]
    ),
)
page.score(
    "score-subnormal-decimals",
    "The decimal of a subnormal is what counts: 5e-324 is not 2^-1074, so its half is above the half-way point.",
    "tiny",
    methodology(indicator(formula="a / b")),
    cohort(
        [
            Row("p", {"a": 5e-324, "b": 2}),
            Row("q", {"a": 5e-324, "b": 2.0240225330731057}),
            Row("r", {"a": 5e-324, "b": 2.024022533073106}),
        ]
    ),
)
page.score(
    "score-near-overflow",
    "The largest binary64, and what still rounds to it.",
    "overflow huge",
    methodology(indicator(formula="a + b")),
    cohort(
        [
            Row(i, {"a": 1.7976931348623157e308, "b": b})
            for i, b in zip(
                LETTERS, (0, 9.97e291, 9.979201547673598e291, 9.979201547673599e291, 1e292, -1e292), strict=False
            )
        ]
    ),
)
page.score(
    "score-decimal-of-largest",
    "The largest decimal is below the largest binary value, so the room above it is larger.",
    "overflow huge",
    methodology(indicator(formula="a * b")),
    cohort(
        [
            Row("p", {"a": 1.7976931348623157e308, "b": 1}),
            Row("q", {"a": 1.7976931348623157e308, "b": 1.0000000000000002}),
            Row("r", {"a": -1.7976931348623157e308, "b": 1.0000000000000002}),
            Row("s", {"a": 1e200, "b": 1e200}),
        ]
    ),
    "17976931348623157" + "0" * 292 + ".0 - - -",
)

# Transforms.
TRANSFORMED = {
    "ln": [
        1,
        2,
        10,
        0.1,
        2.718281828459045,
        1e-300,
        5e-324,
        1.7976931348623157e308,
        0.9999999999999999,
        1.0000000000000002,
        0,
        -1,
    ],
    "ln1p": [0, 1, 1e-20, -1e-20, -0.9999999999999999, -1, -2, 5e-324, 1.7976931348623157e308, 1.718281828459045, -0.5],
    "log10": [1, 10, 1000, 1e-7, 1e22, 1e23, 2, 0.001, 5e-324, 1.7976931348623157e308, 0, -10],
    "sqrt": [0, 4, 2, 0.25, 1e-300, 5e-324, 1.7976931348623157e308, -1, 1e22, 0.1, 9007199254740991],
}
for transform, numbers in TRANSFORMED.items():
    page.score(
        f"transform-{transform}",
        f"{transform} at its exact values, near them, at the ends of the range and outside its domain.",
        "rounding tiny huge undefined",
        one(transform=transform),
        values(*numbers),
    )
    page.score(
        f"transform-{transform}-fraction",
        f"{transform} of thirds and sevenths: the argument is the exact fraction, not its rounding.",
        "rounding",
        methodology(indicator(formula="a / b", transform=transform)),
        cohort(
            [
                Row(i, {"a": a, "b": b})
                for i, a, b in zip(
                    LETTERS, (1, 2, 10, 22, 1e-300, 1e300, 1), (3, 7, 3, 7, 3, 7, 9007199254740991), strict=False
                )
            ]
        ),
    )
page.score(
    "transform-beyond-binary64",
    "The formula value overflows before its transform, and so has none.",
    "overflow huge undefined",
    methodology(indicator(formula="a * b", transform="ln")),
    cohort(
        [Row("p", {"a": 1e300, "b": 1e300}), Row("q", {"a": 1e200, "b": 1e100}), Row("r", {"a": 1e-300, "b": 1e-300})]
    ),
)
page.score(
    "transform-tiny-argument",
    "An argument far below binary64's range is exact, and has a logarithm.",
    "tiny",
    methodology(indicator(formula="a * a * a", transform="log10")),
    values(1e-200, 5e-324, 1e-100),
)
page.score(
    "sqrt-tie",
    "A root half-way between two binary64s: √((2^53 + 1)^2 + 0) where the argument is exact; to even.",
    "tie rounding",
    methodology(indicator(formula="(n + k) * (n + k)", transform="sqrt")),
    cohort([Row(i, {"n": 9007199254740991, "k": k}) for i, k in zip(LETTERS, (2, 4, 6), strict=False)]),
)
page.score(
    "sqrt-near-tie",
    "As near to half-way as may be, on both sides.",
    "tie rounding",
    methodology(indicator(formula="(n + k) * (n + k) + a", transform="sqrt")),
    cohort(
        [Row(i, {"n": 9007199254740991, "k": 2, "a": a}) for i, a in zip(LETTERS, (0, 1e-300, -1e-300), strict=False)]
    ),
)
page.score(
    "transform-carried-as-decimal",
    "What is rounded is from then on the decimal that it prints as: ln 2 is 0.6931471805599453.",
    "rounding",
    methodology(indicator(transform="ln"), publication={"decimals": 12, "rounding": "half_up"}),
    values(2, 3, 10),
)

# Geometric means.


def geometric(name: str, about: str, flags: str, rows: list[list[float]], weights: list[float], **more: object) -> None:
    """Marks given as they are, geometric."""
    names = "abc"[: len(weights)]
    m = methodology(
        [indicator(f"i{n}", f"abs({n})") for n in names],
        index(of=[child(f"i{n}", w) for n, w in zip(names, weights, strict=True)], aggregate="geometric"),
    )
    page.score(
        name,
        about,
        flags,
        m,
        cohort([Row(i, dict(zip(names, row, strict=True))) for i, row in zip(LETTERS, rows, strict=False)]),
        **more,
    )


geometric(
    "geometric",
    "The example of the page; equal values; one value.",
    "rounding",
    [[50, 80], [33.3, 33.3], [1, 3]],
    [2, 1],
)
geometric(
    "geometric-exact",
    "Roots that are exact: √(4 × 9), √(0.25 × 1).",
    "rounding",
    [[4, 9], [0.25, 1], [2, 8], [100, 100]],
    [1, 1],
)
geometric("geometric-zero", "One zero makes 0.", "rounding", [[0, 50], [50, 0], [0, 0]], [1, 2])
geometric(
    "geometric-tie",
    "√(1 × (2^53 + 1)^2), half-way between binary64s: to even. The values are halves of what no binary64 is.",
    "tie rounding",
    [[9007199254740991, 1, 1], [4503599627370497.5, 4503599627370497.5, 1]],
    [1, 1, 1],
)
geometric(
    "geometric-weights",
    "Weights with six decimals: a root of a high degree.",
    "rounding",
    [[50, 80, 20], [1, 2, 3]],
    [0.333333, 0.25, 1.75],
)
geometric(
    "geometric-extremes",
    "The ends of the range: the product is far outside, the mean is not.",
    "huge tiny",
    [
        [1.7976931348623157e308, 1.7976931348623157e308],
        [5e-324, 5e-324],
        [1.7976931348623157e308, 5e-324],
        [1e-300, 1e300],
    ],
    [1, 1],
)
geometric(
    "geometric-weight-zero", "A weight of 0 is ignored, even with a value of 0.", "rounding", [[0, 50], [7, 50]], [0, 1]
)
geometric(
    "geometric-one-million",
    "The largest weight against the smallest.",
    "rounding huge",
    [[2, 3], [1, 10]],
    [1000000, 0.000001],
)
page.score(
    "geometric-tie-even",
    "A geometric mean exactly half-way: of (2^53 + 1) × 1 and (2^53 + 1), computed by a formula.",
    "tie rounding",
    methodology(
        [indicator("i", "n + k"), indicator("j", "n + k + a")],
        index(of=[child("i"), child("j")], aggregate="geometric"),
        metrics={**{name: {"kind": "count", "measure": "stock", "label": {"fr": name}} for name in "ank"}},
        attributes=None,
    ),
    cohort([Row(i, {"n": 9007199254740991, "k": k, "a": 0}) for i, k in zip(LETTERS, (2, 4, 6), strict=False)]),
)

# Means and spreads.
MEAN = proportion({"statistic": "mean"})
for name, row, flags, about in [
    ("mean", [1, 2, 4], "rounding", "The example of the page: 7/3."),
    ("mean-binary-values", [0.1, 0.2, 0.4], "rounding", "Binary values are summed: not 7/30."),
    (
        "mean-order",
        [1e16, 1, -1e16, 1, 3, 0.1],
        "rounding order huge",
        "A sum in which order matters to ordinary arithmetic.",
    ),
    (
        "mean-tie",
        [9007199254740992, 9007199254740994, 9007199254740994, 9007199254740996],
        "tie rounding huge",
        "A mean that is a binary64.",
    ),
    (
        "mean-half-way",
        [9007199254740992, 9007199254740994],
        "tie rounding huge",
        "A mean half-way between two: to even.",
    ),
    (
        "mean-overflow",
        [1.7976931348623157e308, 1.7976931348623157e308],
        "overflow huge",
        "The sum is beyond the range, the mean is not.",
    ),
    ("mean-subnormal", [5e-324, 0, 0], "tiny", "A mean that rounds to 0: the target is 0, and there is no mark."),
]:
    page.score(name, about, flags, one(normalise=MEAN), values(*row))
for name, row, flags, more, about in [
    ("spread", [1, 2, 4], "rounding", {}, "The example of the page: √(14/9)."),
    ("spread-ddof", [1, 2, 4], "rounding", {"ddof": 1}, "Over n - 1."),
    ("spread-binary", [0.1, 0.2, 0.4], "rounding", {}, "Binary values about their exact, unrounded mean."),
    (
        "spread-near-constant",
        [1, 1.0000000000000002, 1],
        "rounding",
        {},
        "Values one bit apart: cancellation ruins the usual ways.",
    ),
    (
        "spread-large-offset",
        [1e15, 1000000000000001, 1000000000000002],
        "rounding huge",
        {},
        "A large mean and a small spread.",
    ),
    (
        "spread-overflow",
        [1.7976931348623157e308, -1.7976931348623157e308, 1.7976931348623157e308],
        "overflow huge negative",
        {},
        "Squares are beyond the range, their root is not.",
    ),
    (
        "spread-tiny",
        [5e-324, 0, 0, 0, 0, 0, 0, 0],
        "tiny",
        {},
        "A spread that rounds to 0 while the values differ: not constant, and no mark.",
    ),
]:
    page.score(name, about, flags, one(normalise=z_score(**more)), values(*row))
page.score(
    "mean-of-thirds",
    "Each value is first rounded to binary64.",
    "rounding",
    methodology(indicator(formula="a / 3", normalise=MEAN)),
    values(1, 2, 4, 5),
)

# Overflow and exactness.
page.score(
    "no-overflow-inside",
    "Inside a formula nothing overflows.",
    "overflow huge",
    methodology(indicator(formula="a * 1e300 * 1e300 / 1e300 / 1e300")),
    values(3, 1e300, 1e-300),
)
page.score(
    "too-small-is-zero",
    "A score too small for binary64 is 0, no fault, and not below 0.",
    "tiny minus-zero",
    methodology(indicator(formula="a * 1e-300")),
    values(1e-300, -1e-300, 1e-10),
)
page.score(
    "index-overflow",
    "An index that overflows is undefined; the one above goes on without it.",
    "overflow undefined nested",
    methodology(
        [indicator(), indicator("j", "b")],
        index(of=[child(inner("in", [child("i", 1000000)], aggregate="sum", missing="zero")), child("j")]),
    ),
    cohort([Row("p", {"a": 1e305, "b": 7}), Row("q", {"a": 1e300, "b": 7})]),
)
page.score(
    "harmonic-exact",
    "A harmonic mean is exact, and rounded once.",
    "rounding",
    methodology(
        [indicator("i", "abs(a)"), indicator("j", "abs(b)")],
        index(of=[child("i", 2), child("j", 1)], aggregate="harmonic"),
    ),
    cohort([Row("p", {"a": 50, "b": 80}), Row("q", {"a": 3, "b": 7}), Row("r", {"a": 0, "b": 80})]),
)
page.score(
    "weights-exact",
    "Weights 0.1, 0.2, 0.7 sum to 1 exactly.",
    "rounding tie",
    methodology(
        [indicator(f"i{n}", n) for n in "abc"], index(of=[child("ia", 0.1), child("ib", 0.2), child("ic", 0.7)])
    ),
    cohort(
        [
            Row("p", {"a": 0.5, "b": 1, "c": 1.5}),
            Row("q", {"a": 1, "b": 1, "c": 1}),
            Row("r", {"a": 0, "b": 0.25, "c": 0}),
        ]
    ),
)
