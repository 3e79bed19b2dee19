"""numbers.md, documents.md, formula.md, cohort.md, methodology.md, errors.md."""

from __future__ import annotations

import json
import math
import struct
import unittest
from fractions import Fraction
from random import Random

from bareme_independent import api, formula, methodology, numbers
from bareme_independent import cohort as cohorts
from bareme_independent import documents as doc
from bareme_independent.errors import Refused

from .build import block, faults


class Numbers(unittest.TestCase):
    """numbers.md."""

    def test_reading(self) -> None:
        for text, value in {
            "0.10": "1/10",
            "1e-1": "1/10",
            "1E2": "100",
            "100.0": "100",
            "-0": "0",
            "0e99999": "0",
            "1e23": "1e23",
            "9007199254740992": "9007199254740992",
            "5e-324": "5e-324",
            "0.30000000000000004": "0.30000000000000004",
        }.items():
            self.assertEqual(numbers.read_decimal(text), Fraction(value), text)
        for text in "9007199254740993 0.1234567890123456789 3e-324 1e999 1e-999".split():
            self.assertEqual(numbers.read_decimal(text), "number_not_representable", text)
        for text in ["01", "1.", ".5", "+1", "1e", "", "1" * 1_101, "٣"]:
            self.assertEqual(numbers.read_decimal(text), "not_a_number", text)

    def test_texts(self) -> None:
        for value, text in (
            (12000.0, "12000"),
            (12.5, "12.5"),
            (1e-6, "0.000001"),
            (1e21, "1e+21"),
            (1.5e-7, "1.5e-7"),
            (123456789012345680000.0, "123456789012345680000"),
            (-0.0, "0"),
            (2.0**50 + 0.25, "1125899906842624.2"),
            (2.0**50 + 0.75, "1125899906842624.8"),
        ):
            self.assertEqual(numbers.text_of(value), text)

    def test_exact_texts(self) -> None:
        for text in ("2/4", "1/-2", "+1/2", "0/2", "-0/1", "01/2", "1", "1/0", "9" * 50_001):
            self.assertIsNone(numbers.read_exact(text), text)
        for text in ("0/1", "3/1", "-1/2", f"1{'0' * 5_000}/3"):
            value = numbers.read_exact(text)
            assert value is not None
            self.assertEqual(numbers.exact_text(value), text)

    def test_rnd_is_true_division(self) -> None:
        random = Random(1)
        for _ in range(2_000):
            n = random.getrandbits(random.randint(1, 1_200))
            d = random.getrandbits(random.randint(1, 1_200)) + 1
            try:
                expected = n / d
            except OverflowError:
                expected = math.inf
            self.assertEqual(numbers.rnd(Fraction(n, d)), expected)
            self.assertEqual(numbers.rnd(Fraction(-n, d)), -expected)

    def test_score(self) -> None:
        v = Fraction(340, 9)
        self.assertEqual(numbers.text_of(numbers.rnd(v)), "37.77777777777778")
        self.assertEqual(numbers.bits(numbers.rnd(v)), "4042e38e38e38e39")
        for value, rounding, text in (
            (v, "half_up", "37.8"),
            (v, "down", "37.7"),
            (Fraction(4725, 100), "half_up", "47.3"),
            (Fraction(4725, 100), "half_even", "47.2"),
            (Fraction(-4725, 100), "half_up", "-47.3"),
            (Fraction(-4, 100), "half_up", "0.0"),
        ):
            u = numbers.published(value, 1, rounding)
            self.assertEqual(numbers.published_text(u, 1), text)

    def test_rounded_values(self) -> None:
        def f(*texts: str) -> list[Fraction]:
            return [Fraction(text) for text in texts]

        for value, bits in (
            (numbers.mean(f("1", "2", "4")), "4002aaaaaaaaaaab"),
            (numbers.spread(f("1", "2", "4"), 0), "3ff3f49c0b9ad4db"),
            (numbers.mean(f("0.1", "0.2", "0.4")), "3fcdddddddddddde"),
            (numbers.geometric_mean(f("50", "80"), f("2", "1")), "404d3d7c43d17b43"),
            (numbers.ln(Fraction(2)), "3fe62e42fefa39ef"),
        ):
            assert value is not None
            self.assertEqual(numbers.bits(value), bits)

    def test_exact_and_tied_roots(self) -> None:
        for x in (1.0, 1.5, 3.0, 99.99999, 5e-324):
            y = math.nextafter(x, math.inf)
            middle = (Fraction(x) + Fraction(y)) / 2
            even = x if struct.pack(">d", x)[-1] % 2 == 0 else y
            self.assertEqual(numbers.sqrt(middle**2), even)
            third = Fraction(1, 3)
            means = ([middle] * 3, [middle * 3, middle * third, middle])
            for values in means:
                self.assertEqual(numbers.geometric_mean(values, [Fraction("0.35")] * 3), even)
            above = middle + Fraction(1, 10**400)
            self.assertEqual(numbers.sqrt(above**2), y)
            self.assertEqual(numbers.geometric_mean([above], [Fraction(1)]), y)

    def test_logarithms(self) -> None:
        self.assertEqual(numbers.log10(Fraction(1, 10**400)), -400.0)
        self.assertEqual(numbers.ln1p(Fraction("5e-324")), 5e-324)
        self.assertEqual(numbers.ln(Fraction(1)), 0.0)
        self.assertIsNone(numbers.ln(Fraction(0)))
        self.assertIsNone(numbers.ln1p(Fraction(-1)))


class Documents(unittest.TestCase):
    """documents.md."""

    def read(self, text: str) -> set[tuple[str, str]]:
        try:
            doc.read_text(text.encode("utf-8", "surrogatepass"), 2**20)
        except Refused as refused:
            return faults(api.places(refused.faults))
        return set()

    def test_faults_together(self) -> None:
        self.assertEqual(
            self.read(block("documents", "Faults of a text, all together")),
            {
                ("number_not_representable", "/a/b~1c"),
                ("duplicate_key", "/a/b~1c"),
                ("lone_surrogate", "/d/0"),
                ("number_not_representable", "/d/1"),
            },
        )

    def test_positions(self) -> None:
        for text, line, column in (
            ("[1,]", 1, 4),
            ("", 1, 1),
            ("[\n 1 2]", 2, 4),
            ("[truth]", 1, 2),
            ("[01]", 1, 2),
            ('["\\n\\q"]', 1, 6),
            ('["\\u12g4"]', 1, 5),
            ('["ab', 1, 3),
            ('["a\\nb', 1, 6),
            ('["a\tb"]', 1, 4),
            ("{a: 1}", 1, 2),
            ('{"a" 1}', 1, 6),
            ("[] x", 1, 4),
            ("\ufeff[", 1, 2),
        ):
            place = str({"position": {"line": line, "column": column}})
            self.assertEqual(self.read(text), {("json_syntax", place)}, text)

    def test_surrogates_and_depth(self) -> None:
        self.assertEqual(doc.read_text(b'"\\ud83d\\ude00"', 99), "\U0001f600")
        self.assertEqual(self.read('"\\ud83d\\ud83d\\ude00"'), {("lone_surrogate", "")})
        self.assertEqual(self.read("[" * 65 + "]" * 65), set())
        self.assertEqual(self.read("[" * 66), {("limit_exceeded", "/0" * 65)})

    def test_cohort_digest(self) -> None:
        c = cohorts.read(block("documents", "## Worked example").encode())
        self.assertEqual(
            doc.canonical(c.canonical()), block("documents", "is digested as this text", "").strip()
        )
        self.assertEqual(
            c.sha256(), "2e37f161924099c76a7f914f6cb217d9ef376df59e8f174c14595e8e6252ce82"
        )

    def test_variant(self) -> None:
        m = doc.read_text(block("methodology", "*A small sound document*").encode(), 2**20)
        changed = doc.variant(m, b'{"publication": {"decimals": 2}, "title": {"en": "T"}}')
        self.assertEqual(changed["version"], "1+variant")
        self.assertEqual(changed["status"], "variant")
        self.assertEqual(changed["title"], {"fr": "T", "en": "T"})
        self.assertEqual(changed["variant_of"]["method_sha256"], doc.method_digest(m))
        self.assertEqual(doc.variant(m, b'{"version": "2"}')["version"], "2")
        text = doc.canonical(m).encode()
        result = api.variant(text, b'{"index": {"of": [{"indicator": "k", "weight": 1}]}}')
        assert isinstance(result, list)
        self.assertEqual(
            faults(result),
            {
                ("unknown_reference", "/index/of/0/indicator"),
                ("unused", "/indicators/0"),
            },
        )
        self.assertEqual(faults(api.variant(text, b"[]")), {("wrong_type", "")})  # type: ignore[arg-type]


class Formulas(unittest.TestCase):
    """formula.md."""

    def code(self, text: str, *, predicate: bool = False) -> str | None:
        try:
            (formula.read_predicate if predicate else formula.read_formula)(text)
        except formula.FormulaFault as fault:
            return fault.code
        return None

    def test_faults(self) -> None:
        for text in (
            "1 +|min(1)|abs(1, 2)|posts ^ 2|Followers|previous .posts|previous. posts|previous|01|"
            "1.|0.1234567890123456789e|"
        ).split("|"):
            self.assertEqual(self.code(text), "formula_syntax", text)
        for text in ("0.1234567890123456789", "1e999"):
            self.assertEqual(self.code(text), "number_not_representable")
        for text in ("-" * 33, "(" * 33, "1" * 1_001):
            self.assertEqual(self.code(text), "limit_exceeded")
        for text in ("-" * 32 + "1", "previous.population", "+".join("1" * 500)):
            self.assertIsNone(self.code(text))
        for text in ("posts", "a < b < c", "posts == 1", "(posts >= 1)"):
            self.assertEqual(self.code(text, predicate=True), "formula_syntax", text)

    def test_value(self) -> None:
        known = {"likes": 125, "comments": 10, "posts": 12, "followers": 3400}

        def value(**changed: int | None) -> Fraction | str:
            names = {**known, **changed}
            expression = formula.read_formula("100 * (likes + comments) / posts / followers")

            def environment(name: str) -> Fraction | None:
                return None if names[name] is None else Fraction(names[name])  # type: ignore[arg-type]

            return formula.value(expression, environment)

        self.assertEqual(value(), Fraction(45, 136))
        self.assertEqual(value(posts=0), "undefined")
        self.assertEqual(value(comments=None), "unknown")
        self.assertEqual(value(comments=None, posts=0), "unknown")

    def test_predicate(self) -> None:
        names = {"posts": 12, "likes": 125, "followers": 3400}
        predicate = formula.read_predicate("posts >= 1 and 2 * likes > followers or population = 0")
        value = formula.holds(
            predicate, lambda name: Fraction(names[name]) if name in names else None
        )
        self.assertEqual(value, "unknown")


class Cohorts(unittest.TestCase):
    """cohort.md."""

    def test_merger(self) -> None:
        text = block("cohort", "Several accounts and a merger")
        self.assertEqual(
            cohorts.read(text.encode()).sha256(),
            "463fa6f25b640134c6156158c08af4765a26bf6ed46c02e8807da9d7265e3b95",
        )
        changed = doc.read_text(text.encode(), 2**20)
        changed["territories"][1]["formerly"] = ["m1", "n"]
        with self.assertRaises(Refused) as raised:
            cohorts.of_document(changed)
        self.assertEqual(
            faults(api.places(raised.exception.faults)),
            {("former_id_shared", "/territories/1/formerly")},
        )

    def test_faults_together(self) -> None:
        text = b"""{"language": "bareme/1", "document": "cohort",
            "period": {"from": "2026-07-01", "to": "2026-06-01"}, "territories": [
            {"id": "6083", "structure_type": "commune", "name": "Menton", "population": -1},
            {"id": "06029", "structure_type": "commune", "name": " ", "population": 2.5}],
            "accounts": [{"territory": "06083", "network": "x", "metrics": {}},
            {"territory": "06083", "network": "", "metrics": {}}]}"""
        with self.assertRaises(Refused) as raised:
            cohorts.read(text)
        self.assertEqual(
            faults(api.places(raised.exception.faults)),
            {
                ("bounds_order", "/period/to"),
                ("lost_leading_zero", "/territories/0/id"),
                ("negative_value", "/territories/0/population"),
                ("missing_field", "/territories/1/name"),
                ("fractional_count", "/territories/1/population"),
                ("missing_field", "/accounts/1/network"),
                ("unknown_territory", "/accounts/0/territory"),
            },
        )

    def test_days(self) -> None:
        self.assertEqual(cohorts.day_number("0000-01-01"), 0)
        self.assertEqual(cohorts.day_number("0001-01-01"), 366)
        self.assertEqual(cohorts.days_of({"from": "2024-02-28", "to": "2024-03-01"}), 2)
        for text in ("2026-06-31", "2025-02-29", "2026-6-01", "1900-02-29", "٢026-06-01"):
            self.assertIsNone(cohorts.day_number(text))


class Methodologies(unittest.TestCase):
    """methodology.md and errors.md."""

    def test_digests(self) -> None:
        text = block("methodology", "*A small sound document*").encode()
        m = methodology.read(text, methodology.Library())
        self.assertEqual(
            m.document_sha256, "1ddcfe519e5ea2835829806a44b9acd8149fb69d0ea132edb397759c5279f121"
        )
        self.assertEqual(
            m.method_sha256, "ee57f4c0daa8fd74ff43437e3fd778bf761d06cee7d0b98530cad0de195d9d01"
        )
        self.assertEqual(
            doc.canonical(doc.method(m.document)),
            block("methodology", "Its method is digested", "").strip(),
        )

    def test_faults_together(self) -> None:
        d = json.loads(block("methodology", "*A small sound document*"))
        d["index"]["aggregate"] = "geometric"
        d["index"]["of"] = [
            {"indicator": "i", "weight": 0.1234567},
            {"indicator": "k", "weight": 1},
        ]
        d["views"][0]["by"] = {"index": "rot"}
        d["indicators"][0]["normalise"] = {
            "method": "min_max",
            "low": {"fixed": 0},
            "high": {"fixed": 0},
            "clamp": False,
            "constant": 50,
        }
        self.assertEqual(
            faults(api.check(json.dumps(d).encode())),
            {
                ("out_of_range", "/index/of/0/weight"),
                ("unknown_reference", "/index/of/1/indicator"),
                ("negative_marks", "/index/of/0"),
                ("unknown_reference", "/views/0/by/index"),
                ("bounds_order", "/indicators/0/normalise"),
            },
        )

    def test_shape(self) -> None:
        self.assertEqual(
            faults(api.check(block("errors", "## Worked example").encode())),
            {
                ("missing_field", ""),
                ("unknown_value", "/status"),
                ("text_without_french", "/title"),
                ("unknown_field", "/indicators/0/colour"),
                ("formula_syntax", "/indicators/0/formula"),
                ("missing_field", "/indicators/0"),
            },
        )

    def test_strata(self) -> None:
        d = json.loads(block("methodology", "*A small sound document*"))

        def strata(*ranges: dict[str, int]) -> set[tuple[str, str]]:
            d["strata"] = [
                {"id": f"s{i}", "label": {"fr": "S"}, "structure_types": ["commune"]}
                | {"population": ends}
                for i, ends in enumerate(ranges)
            ]
            return faults(api.check(json.dumps(d).encode()))

        self.assertEqual(strata({"below": 2000}, {"from": 2500}), {("strata_gap", "/strata")})
        self.assertEqual(
            strata({"below": 2000}, {"from": 1999}),
            {("strata_overlap", "/strata/1/structure_types/0")},
        )
        self.assertEqual(strata({"from": 2000}, {"below": 2000}), set())
