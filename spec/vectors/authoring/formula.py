"""formula.md: grammar, limits, values of formulas and predicates."""

from __future__ import annotations

from .build import LETTERS, Row, changed, cohort, fr, indicator, methodology
from .case import Page

page = Page("formula")
SOUND = methodology()
RULE = methodology(eligibility=[{"id": "e", "label": fr("e"), "require": "a >= 0"}])


def read(name: str, text: object, code: str, about: str) -> None:
    """A formula that is read, or not."""
    finds = f"{code} /indicators/0/formula" if code else ""
    page.check(
        f"text-{name}", about, finds, changed(SOUND, "/indicators/0/formula", text), "malformed" if code else "limit"
    )


def predicate(name: str, text: object, code: str, about: str) -> None:
    """A predicate that is read, or not."""
    finds = f"{code} /eligibility/0/require" if code else ""
    page.check(
        f"predicate-{name}",
        about,
        finds,
        changed(RULE, "/eligibility/0/require", text),
        "malformed" if code else "limit",
    )


for name, text, about in [
    ("empty", "", "No formula at all."),
    ("space", " \t\n\r ", "White space alone."),
    ("operator-at-end", "a +", "An operator without right side."),
    ("operator-at-start", "* a", "An operator without left side."),
    ("plus-sign", "+a", "There is no unary plus."),
    ("two-operators", "a */ b", "Two operators."),
    ("two-values", "a b", "No operator between values."),
    ("number-name", "2a", "A number and a name with nothing between them."),
    ("power", "a ^ 2", "An operator that there is not."),
    ("upper-case", "A", "Names are lower case."),
    ("accent", "é", "Names are ASCII."),
    ("underscore-first", "_a", "Names begin with a letter."),
    ("open", "(a", "A parenthesis that is not closed."),
    ("close", "a)", "A parenthesis that was not opened."),
    ("empty-parentheses", "a * ()", "Nothing in parentheses."),
    ("min-one", "min(a)", "min takes two arguments at least."),
    ("min-none", "min()", "min without argument."),
    ("abs-two", "abs(a, b)", "abs takes one argument."),
    ("abs-none", "abs()", "abs without argument."),
    ("trailing-comma", "max(a, b,)", "A comma before the end of the arguments."),
    ("comma", "a, b", "A comma outside a function."),
    ("function-name", "min", "The name of a function is no variable."),
    ("other-function", "sqrt(a)", "A function that there is not: transforms are no functions."),
    ("previous-alone", "previous", "`previous` needs a name."),
    ("previous-point", "previous.", "`previous.` needs a name."),
    ("previous-space-before", "previous .a", "No space before the point."),
    ("previous-space-after", "previous. a", "No space after the point."),
    ("previous-twice", "previous.previous.a", "Only one previous period."),
    ("other-point", "posts.a", "Only `previous` takes a point."),
    ("and", "a and b", "`and` belongs to predicates."),
    ("relation", "a > b", "A relation belongs to predicates."),
    ("leading-zero", "01", "A number with a leading zero."),
    ("point-without-digits", "1.", "A point without decimals."),
    ("no-whole-part", ".5", "No whole part."),
    ("exponent-without-digits", "1e", "An exponent without digits."),
    ("exponent-sign-without-digits", "1e+", "A sign and no digits."),
    (
        "number-then-e",
        "0.1234567890123456789e",
        "The token is no decimal, so it is not asked whether one could represent it.",
    ),
    ("no-break-space", "a\u00a0+ b", "Only four characters are white space."),
    ("form-feed", "a\x0c+ b", "A form feed is not among them."),
    ("semicolon", "a;", "Another character."),
    ("underscored-number", "1_000", "No underscores in numbers."),
    ("typographic-minus", "a − b", "The typographic minus sign."),
]:
    read(name, text, "formula_syntax", about)
for name, text, code, about in [
    ("not-a-string", 1, "wrong_type", "A number in place of a formula."),
    ("number-long", "0.1234567890123456789 * a", "number_not_representable", "More digits than a binary64 holds."),
    ("number-large", "a + 1e999", "number_not_representable", "Beyond the range."),
    ("number-2-53", "a * 9007199254740993", "number_not_representable", "2^53 + 1."),
    ("number-before-syntax", "a * 1e999 +", "number_not_representable", "The first fault from left to right."),
    (
        "syntax-before-number",
        "a + * 1e999",
        "formula_syntax",
        "The first fault from left to right, the other way round.",
    ),
    ("minus-32", "-" * 32 + "1", "", "Level 32 is read."),
    ("minus-33", "-" * 33 + "1", "limit_exceeded", "Level 33 is not."),
    ("parentheses-32", "(" * 32 + "a" + ")" * 32, "", "32 levels of parentheses."),
    ("parentheses-33", "(" * 33 + "a" + ")" * 33, "limit_exceeded", "33 levels."),
    ("parentheses-33-cut", "(" * 33, "limit_exceeded", "Nothing of level 33 is read, not even that it is cut."),
    ("functions-33", "abs(" * 33 + "a" + ")" * 33, "limit_exceeded", "Arguments are one level deeper."),
    ("mixed-32", "-(" * 16 + "a" + ")" * 16, "", "A minus and a parenthesis are two levels."),
    ("mixed-33", "-(" * 16 + "-a" + ")" * 16, "limit_exceeded", "And one more."),
    ("long-1000", "a" + "+a" * 499 + " ", "", "1,000 bytes."),
    ("long-1001", "a" + "+a" * 500, "limit_exceeded", "1,001 bytes."),
    ("long-bytes", "é" * 501, "limit_exceeded", "Bytes count, not characters: 1,002; it is read no further."),
    ("long-1000-bytes", "é" * 500, "formula_syntax", "1,000 bytes in 500 characters are read."),
    ("every-space", "\ta\n*\r 1E2 ", "", "The four characters of white space."),
    ("unknown-name", "z + previous.z + z", "unknown_reference", "A name that is not declared; one pair in the set."),
    ("name-runs-on", "andb", "unknown_reference", "Tokens are as long as they can be: this is a name."),
    ("previous-attribute", "previous.d", "unknown_reference", "An attribute has no previous period."),
    ("previous-population", "previous.population + a", "unknown_reference", "Nor has the population."),
    ("previous-days", "previous.days + a", "unknown_reference", "Nor have the days."),
]:
    read(name, text, code, about)
for name, text, code, about in [
    ("no-relation", "a", "formula_syntax", "A formula alone is no predicate."),
    ("two-relations", "0 < a < 10", "formula_syntax", "Two relations."),
    ("double-equals", "a == 1", "formula_syntax", "Equality is one sign."),
    ("spaced-relation", "a > = 1", "formula_syntax", "No space inside a relation."),
    ("parenthesis", "(a >= 1)", "formula_syntax", "No parentheses around comparisons."),
    ("not", "not a >= 1", "formula_syntax", "There is no not."),
    ("or-at-end", "a >= 1 or", "formula_syntax", "Nothing after `or`."),
    ("and-alone", "and", "formula_syntax", "A word alone."),
    ("symbols", "a >= 1 && b >= 1", "formula_syntax", "Words, not symbols."),
    ("empty", "", "formula_syntax", "No predicate at all."),
    ("exclamation", "a ! 1", "formula_syntax", "Half a relation."),
    ("not-a-string", True, "wrong_type", "A boolean in place of a predicate."),
    ("number", "a >= 1e999", "number_not_representable", "Numbers as in formulas."),
    ("no-spaces", "a>=1and b!=2or c<3", "", "Spaces only where tokens would run together."),
    ("deep", "(" * 32 + "a" + ")" * 32 + " = " + "-" * 32 + "1", "", "Either side begins at level 0."),
    ("too-deep", "a = " + "-" * 33 + "1", "limit_exceeded", "The right side too deep."),
    ("unknown-name", "z >= 1 and y >= z", "unknown_reference", "Names that are not declared."),
    ("long-1001", "a" + "+a" * 498 + " >= 1", "limit_exceeded", "1,002 bytes."),
]:
    predicate(name, text, code, about)

# Values.
ROW = {"a": 7, "b": 3, "c": 2, "n": 5, "k": 4}


def worth(
    name: str, formulas: list[str], flags: str, about: str, rows: list[Row] | None = None, **members: object
) -> None:
    """What formulas are worth: one indicator each."""
    indicators = [indicator(f"i{n}", f) for n, f in enumerate(formulas)]
    m = methodology(indicators, publication={"decimals": 3, "rounding": "half_up"}, **members)
    page.score(
        f"value-{name}", about, flags, m, cohort(rows or [Row("p", ROW, population=30, attributes={"d": 0.5, "e": 6})])
    )


worth(
    "associates",
    ["a - b - c", "a / b / c", "a - b + c", "a / b * c", "a - (b - c)", "a / (b / c)"],
    "rounding",
    "Operators of one line associate to the left.",
)
worth(
    "precedence",
    ["a + b * c", "(a + b) * c", "a - b / c", "-a * b", "-(a * b)", "-a - -b", "a * -b", "--a"],
    "negative",
    "Products before sums; a minus sign binds closest.",
)
worth(
    "functions",
    [
        "min(a, b)",
        "max(a, b)",
        "min(a, b, c)",
        "max(c, b, a)",
        "abs(b - a)",
        "abs(a - b)",
        "min(a, max(b, c))",
        "max(-a, -b)",
    ],
    "negative",
    "min, max and abs, nested and with three arguments.",
)
worth(
    "literals",
    ["a * 0.1", "a * 1e-3", "a * 1E+3", "0.1 + 0.2 + 0 * a", "a + 9007199254740992", "a * 5e-324", "1.50 * a"],
    "rounding tiny huge",
    "Literals are decimals.",
)
worth(
    "variables",
    ["a + population", "days", "population / 7", "d * e", "a / days", "e"],
    "rounding",
    "Population, days and attributes; some read no metric.",
)
worth(
    "exact",
    ["a / b", "a / b * b", "(a / b + c / b) * b", "1 / (1 / b)", "a / 3 - 7 / 3", "(0.1 + 0.2) * 10 - 3 + 0 * a"],
    "rounding minus-zero",
    "Fractions are exact: what cancels is 0.",
)
worth(
    "division-by-zero",
    ["a / (b - b)", "max(1, 1 / (a - 7))", "0 * (1 / (b - 3))", "0 / (a - a)", "a / (1 / 3 - b / 9)", "a"],
    "undefined",
    "A divisor of 0 anywhere makes the whole undefined, also one that only exact arithmetic finds.",
)
worth(
    "unknown-first",
    ["0 * a", "a / b", "b / (c - c) + a", "min(b, a)", "c"],
    "unknown undefined",
    "Nothing is cut short: what stands in a formula must be known, before any division is looked at.",
    [Row("p", {"a": None, "b": 0, "c": 2}), Row("q", {"b": 1, "c": 3}), Row("r", {"a": 1, "b": 0, "c": 4}), Row("s")],
)
worth(
    "unknown-territory",
    ["a * population", "a + d", "e / population", "a"],
    "unknown population-zero undefined",
    "Unknown and zero of what the territory gives.",
    [
        Row("p", {"a": 1}),
        Row("q", {"a": 1}, population=0, attributes={"d": 0, "e": 0}),
        Row("r", {"a": 1}, population=5, attributes={"d": None, "e": 1}),
        Row("s", population=2, attributes={"e": 1}),
    ],
)
worth(
    "absent",
    ["a", "population", "population + days"],
    "absent",
    "What reads no metric has a value without an account.",
    [Row("p", {"a": 1}, population=2), Row("q", None, population=3)],
)
worth(
    "previous",
    ["a - previous.a", "100 * (a - previous.a) / previous.a", "previous.a", "a"],
    "previous unknown undefined",
    "The previous period: no account then, or no number, is unknown; 0 is a divisor.",
    [
        Row("p", {"a": 12}, before={"a": 10}),
        Row("q", {"a": 12}),
        Row("r", {"a": 12}, before={"a": None}),
        Row("s", {"a": 12}, before={"a": 0}),
        Row("t", None, before={"a": 5}),
    ],
)
worth(
    "overflow",
    ["a * 1e308", "a * 1e308 * 10 / 10", "-a * 1e308", "a * 1e308 * 0", "a"],
    "overflow huge negative",
    "Only the value of the whole is held against the range.",
)
worth("chain", ["+".join(["a"] * 400)], "limit", "A long formula.")
worth(
    "deep-value",
    ["-" * 31 + "(" + "a" + ")", "abs(" * 32 + "-a"[1:] + ")" * 32],
    "limit negative",
    "The deepest that is read.",
)

# Predicates.


def rule(name: str, require: str, rows: list[Row], flags: str, about: str) -> None:
    """Who is eligible."""
    m = methodology(eligibility=[{"id": "e", "label": fr("e"), "require": require}])
    page.score(f"rule-{name}", about, f"ineligible {flags}".strip(), m, cohort(rows))


ABC = [
    Row(i, dict(zip("abc", row, strict=True)))
    for i, row in zip(LETTERS, [(1, 1, 1), (0, 1, 1), (1, 0, 1), (0, 0, 1), (1, 1, 0), (0, 0, 0)], strict=False)
]
rule(
    "relations",
    "a = 2 and a <= 2 and a >= 2 or a != 2 and a < 1 or a > 3",
    [Row(i, {"a": a}) for i, a in zip(LETTERS, (0, 1, 2, 2.0000000000000004, 3, 4), strict=False)],
    "tie",
    "Each relation, on both sides of its edge.",
)
rule("and-before-or", "a = 1 and b = 1 or c = 1", ABC, "", "`and` binds closer.")
rule("or-before-and", "c = 1 or a = 1 and b = 1", ABC, "", "The same the other way round.")
rule("exact-equality", "a / 3 + a / 3 + a / 3 = a and 0.1 + 0.2 = 0.3", ABC, "tie", "Equality of rational numbers.")
rule(
    "unknown-whatever",
    "a >= 0 or b > 5",
    [Row("p", {"a": 1, "b": None}), Row("q", {"a": 1, "b": 0}), Row("r", {"a": -1, "b": None})],
    "unknown",
    "All comparisons are looked at: true or unknown is unknown.",
)
rule(
    "undefined-whatever",
    "a >= 0 or 1 / b > 5",
    [Row("p", {"a": 1, "b": 0}), Row("q", {"a": 1, "b": 1}), Row("r", {"a": -1, "b": 0})],
    "undefined",
    "True or undefined is undefined.",
)
rule(
    "undefined-exactly",
    "a >= 1 or b / (c / 3 - c * (1 / 3)) > 1",
    [Row("p", {"a": 1, "b": 1, "c": 7}), Row("q", {"a": 0, "b": 1, "c": 3})],
    "undefined",
    "A divisor that is 0 only in exact arithmetic counts, though another comparison is true.",
)
rule(
    "unknown-before-undefined",
    "1 / b > 5 and a >= 0",
    [Row("p", {"a": None, "b": 0}), Row("q", {"a": 1, "b": 0}), Row("r", {"a": None, "b": 1})],
    "unknown undefined",
    "Unknown comes before undefined, whatever the order of comparisons.",
)
rule(
    "undefined-then-unknown",
    "a >= 0 and 1 / b > 5",
    [Row("p", {"a": None, "b": 0}), Row("q", {"a": 1, "b": 0})],
    "unknown undefined",
    "The same in the other order.",
)
rule(
    "no-overflow",
    "a * 1e308 * 1e308 > 1e308",
    [Row("p", {"a": 1}), Row("q", {"a": 0}), Row("r", {"a": -1})],
    "overflow huge",
    "The sides of a comparison do not overflow.",
)
rule(
    "previous",
    "a >= previous.a",
    [Row("p", {"a": 2}, before={"a": 1}), Row("q", {"a": 2}, before={"a": 3}), Row("r", {"a": 2}), Row("s")],
    "previous unknown absent",
    "A rule over both periods.",
)
