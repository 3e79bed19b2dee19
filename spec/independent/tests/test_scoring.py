"""The pages from field.md to scoring.md, and the example of README.md."""

from __future__ import annotations

import unittest
from fractions import Fraction
from typing import Any

from bareme_independent import aggregate, api, normalise, numbers, reference
from bareme_independent import documents as doc

from .build import (
    EXAMPLES,
    SPEC,
    account,
    block,
    cohort,
    cohort_of_csv,
    encoded,
    index,
    indicator,
    methodology,
    metric,
    score,
    scored,
    territory,
    text,
)

F = Fraction
BOUND_MIN = {"statistic": "min"}
BOUND_MAX = {"statistic": "max"}


class Readme(unittest.TestCase):
    """README.md, Worked example."""

    def test_three_communes(self) -> None:
        m = methodology(
            [
                indicator(
                    "engagement",
                    "100 * likes / posts / followers",
                    normalise={
                        "method": "min_max",
                        "within": "cohort",
                        "low": BOUND_MIN,
                        "high": BOUND_MAX,
                        "clamp": True,
                        "constant": 50,
                    },
                ),
                indicator(
                    "reach",
                    "100 * followers / population",
                    normalise={
                        "method": "proportion_of",
                        "within": "cohort",
                        "target": BOUND_MAX,
                    },
                ),
            ],
            index(
                "root",
                [{"indicator": "engagement", "weight": 5}, {"indicator": "reach", "weight": 4}],
            ),
            metrics={name: metric(name, "count") for name in ("followers", "posts", "likes")},
        )
        c = cohort(
            [
                territory("a", population=1000),
                territory("b", population=3000),
                territory("c", population=2000),
            ],
            [
                account("a", followers=200, posts=4, likes=40),
                account("b", followers=900, posts=6, likes=81),
                account("c", followers=300, posts=5, likes=60),
            ],
        )
        found = score(c, m)
        for id_, value, published, place in (
            ("a", 85.18518518518519, "85.2", 1),
            ("b", 44.44444444444444, "44.4", 3),
            ("c", 61.904761904761905, "61.9", 2),
        ):
            root = found[id_]["indices"][0]
            self.assertEqual((root["score"], root["published"]), (value, published))
            self.assertEqual(found[id_]["ranks"][0]["rank"], place)


class Fields(unittest.TestCase):
    """field.md."""

    def test_verdicts_and_sizes(self) -> None:
        m = methodology(
            [indicator("i", "a")],
            index("root", [{"indicator": "i", "weight": 1}]),
            strata=[
                {
                    "id": id_,
                    "label": text("S"),
                    "structure_types": ["commune"],
                    "population": ends,
                }
                for id_, ends in (("small", {"below": 2000}), ("large", {"from": 2000}))
            ],
            outside_strata="leave_out",
            eligibility=[
                {"id": "posted", "label": text("P"), "require": "a >= 1"},
                {
                    "id": "peopled",
                    "label": text("P"),
                    "require": "population >= 100 or a > 1000",
                },
                {"id": "inhabited", "label": text("I"), "require": "population > 50"},
            ],
        )
        by_hand = {"id": "small", "reason": "r"}
        c = cohort(
            [
                territory("p", population=1999),
                territory("q", population=2000),
                territory("r"),
                territory("s", population=40),
                territory("t", population=30000, stratum=by_hand),
                territory("u", population=60),
                territory("v", population=60),
            ],
            [
                account("p", a=3),
                account("q", a=0),
                account("r", a=5),
                account("s", a=None),
                account("u", a=None),
                account("v", a=7),
            ],
        )
        field = scored(c, m).field
        self.assertEqual(
            field.stratum, ["small", "large", None, "small", "small", "small", "small"]
        )
        verdicts = [field.verdict(t, "x") for t in range(7)]
        self.assertEqual(
            verdicts,
            [
                None,
                ("posted", "false"),
                ("inhabited", "unknown"),
                ("inhabited", "false"),
                None,
                ("posted", "unknown"),
                ("peopled", "false"),
            ],
        )
        self.assertEqual(field.number_of_territories("small"), 5)
        self.assertEqual(field.eligible_size("small", "x"), 1)
        self.assertEqual(field.eligible_size("large", "x"), 0)


class Indicators(unittest.TestCase):
    """indicator.md."""

    def test_states(self) -> None:
        m = methodology(
            [
                indicator(
                    "i",
                    "a / b",
                    direction={"closest_to": 1},
                    unknown="impute_median",
                    winsorise={"within": "cohort", "high": {"quantile": 0.5}},
                    normalise={
                        "method": "min_max",
                        "within": "cohort",
                        "low": BOUND_MIN,
                        "high": BOUND_MAX,
                        "clamp": False,
                        "constant": 50,
                    },
                )
            ],
            index("root", [{"indicator": "i", "weight": 1}]),
            eligibility=[{"id": "e", "label": text("E"), "require": "c >= 1"}],
        )
        rows: dict[str, tuple[Any, ...]] = {
            "p": (3, 2, 1, "present", 1.5, 20),
            "q": (1, 4, 1, "present", 0.25, 0),
            "r": (9, 1, 1, "present", 9, 0),
            "s": (5, 5, 0, "ineligible", None, None),
            "t": (1, 0, 1, "undefined", None, None),
            "u": (None, 0, 1, "unknown", None, 10),
            "w": (7, 7, 1, "present", 1, 100),
        }
        c = cohort(
            [territory(id_) for id_ in [*rows, "v"]],
            [account(id_, a=a, b=b, c=c) for id_, (a, b, c, *_) in rows.items()],
        )
        found = score(c, m)
        for id_, (_, _, _, *expected) in rows.items():
            criterion = found[id_]["criteria"][0]
            self.assertEqual([criterion[k] for k in ("state", "raw", "mark")], expected, id_)
        self.assertEqual(found["v"]["criteria"][0]["state"], "absent")


class References(unittest.TestCase):
    """reference.md."""

    def test_document(self) -> None:
        m = methodology(
            [
                indicator(
                    "i",
                    "a",
                    unknown="impute_median",
                    normalise={
                        "method": "min_max",
                        "within": "stratum",
                        "low": BOUND_MIN,
                        "high": {"quantile": 0.75},
                        "clamp": True,
                        "constant": 50,
                    },
                )
            ],
            index("root", [{"indicator": "i", "weight": 1}]),
            strata=[
                {
                    "id": "few",
                    "label": text("F"),
                    "structure_types": ["commune"],
                    "population": {"below": 1000},
                    "minimum_size": 3,
                    "fallback": "many",
                },
                {
                    "id": "many",
                    "label": text("M"),
                    "structure_types": ["commune"],
                    "population": {"from": 1000},
                },
            ],
            ranking={
                "order_by": "published",
                "ties": "competition",
                "tie_breakers": [{"indicator": "i"}],
                "within": ["region", "cohort"],
            },
        )
        values = {"p": 1, "q": 4, "r": 2, "s": 7, "t": None, "u": 9}
        regions = {"p": "84", "q": "84", "r": "11", "s": "", "t": "11", "u": "11"}
        territories = [
            territory(id_, population=10 if id_ in "pq" else 5000, region=regions[id_])
            for id_ in values
        ]
        c = cohort(territories, [account(id_, a=a) for id_, a in values.items()])
        s = scored(c, m)
        found = reference.document(s)
        shown = block("reference", "The reference, when the methodology", "").strip()
        expected = doc.read_text(shown.encode(), 2**20)
        for member in ("members", "period", "status"):
            self.assertEqual(doc.canonical(found[member]), doc.canonical(expected[member]), member)
        for member in ("criteria", "groups", "seats", "rankings", "strata"):
            shown = doc.canonical(expected["statistics"][member])
            self.assertEqual(doc.canonical(found["statistics"][member]), shown, member)
        self.assertEqual(
            doc.digest(expected), "28ec537f945ba7ca961da68722f71da7ba78efe1b0351d87a206c1b1dd68d484"
        )
        # Each member alone gets what the cohort gives it; a stranger is told.
        text_ = doc.canonical(found).encode()
        for t, row in enumerate(territories):
            alone = cohort([row], [account(row["id"], a=values[row["id"]])])
            entry = api.score_alone(encoded(alone), encoded(m), text_)
            self.assertEqual(doc.canonical(entry), doc.canonical(s.territory(t)))
        stranger = cohort([territory("z", population=5000, region="11")], [account("z", a=7)])
        entry = api.score_alone(encoded(stranger), encoded(m), text_)
        assert isinstance(entry, dict)
        self.assertEqual([(r["rank"], r["of"]) for r in entry["ranks"]], [(2, 3), (2, 6)])
        self.assertEqual(entry["flags"], [{"code": "stranger"}])
        # A member with new metrics: its own old entry is not among those that are better.
        again = cohort([territory("u", population=5000, region="11")], [account("u", a=1)])
        entry = api.score_alone(encoded(again), encoded(m), text_)
        assert isinstance(entry, dict)
        self.assertEqual((entry["ranks"][0]["rank"], entry["ranks"][0]["of"]), (3, 3))

    def test_weighted(self) -> None:
        weighted = {"statistics_weight": "population"}
        members = [reference.Member(F(v), F(w)) for v, w in ((1, 1), (2, 2), (4, 5))]
        self.assertEqual(reference.quantile(weighted, members, F(1, 2)), 4)
        self.assertEqual(reference.quantile(weighted, members, F(3, 8)), 2)
        self.assertEqual(reference.quantile(weighted, members, F(0)), 1)
        self.assertEqual(reference.mean(weighted, members), F("3.125"))


class Marks(unittest.TestCase):
    """normalise.md."""

    def test_methods(self) -> None:
        mean = {"statistic": "mean"}
        min_max = {
            "method": "min_max",
            "low": BOUND_MIN,
            "high": BOUND_MAX,
            "clamp": True,
            "constant": F(40),
        }
        proportion = {"method": "proportion_of", "target": mean, "cap": F(120)}
        z_score = {
            "method": "z_score",
            "centre": F(50),
            "scale": F(10),
            "ddof": 0,
            "constant": F(45),
        }
        piecewise = {
            "method": "piecewise",
            "points": [{"at": F(a), "mark": F(m)} for a, m in ((2, 10), (6, 90), (8, 50))],
        }
        bands = {
            "method": "bands",
            "bands": [{"at": F(a), "mark": F(m)} for a, m in ((2, 20), (5, 60))],
            "otherwise": F(5),
        }
        rank = {"method": "rank", "single": F(70)}
        percentile = {"method": "percentile_rank"}
        closest = {"closest_to": F(4)}
        for n, direction, marks in (
            (min_max, "higher", "0 25 25 100"),
            (min_max, "lower", "100 75 75 0"),
            (min_max, closest, "200/3 100 100 0"),
            (proportion, "higher", "40 80 80 120"),
            (proportion, "lower", "120 120 120 50"),
            (proportion, closest, "100 120 120 100/3"),
            (percentile, "higher", "25/2 50 50 175/2"),
            (percentile, "lower", "175/2 50 50 25/2"),
            (rank, "higher", "0 200/3 200/3 100"),
            (rank, "lower", "100 200/3 200/3 0"),
            (z_score, "higher", "40 140/3 140/3 200/3"),
            (z_score, "lower", "60 160/3 160/3 100/3"),
            (piecewise, "higher", "10 50 50 50"),
            (bands, "higher", "20 20 20 60"),
            (bands, "lower", "20 60 60 5"),
        ):
            entry = {"direction": direction, "normalise": n}
            values = [F(2), F(4), F(4), F(10)]
            if direction == closest:
                values = [abs(v - 4) for v in values]
            members = [reference.Member(v, F(1)) for v in values]
            s = reference.statistics(entry, members, False) if n is not piecewise else None
            found = [normalise.method(n, direction != "higher", v, s) for v in values]
            self.assertEqual(found, [F(m) for m in marks.split()], (n["method"], direction))
        s = reference.statistics(
            {"normalise": percentile}, [reference.Member(F(v), F(1)) for v in (2, 4, 4, 10)], False
        )
        self.assertEqual(normalise.method(percentile, False, F(3), s), 25)
        self.assertEqual(normalise.method(rank, False, F(3), s), 0)
        self.assertEqual(normalise.method(rank, False, F(1), s), 0)

    def test_rounded_spread(self) -> None:
        n = {
            "method": "z_score",
            "centre": F(50),
            "scale": F(10),
            "ddof": 0,
            "constant": F(45),
        }
        members = [reference.Member(F(v), F(1)) for v in (2, 0, 0, 6)]
        s = reference.statistics({"normalise": n}, members, False)
        self.assertEqual(s.spread, F("2.449489742783178"))
        mark = normalise.method(n, True, F(6), s)
        assert mark is not None
        self.assertEqual(numbers.rnd(mark), 33.67006838144548)


class Aggregates(unittest.TestCase):
    """aggregate.md."""

    def found(self, **root: Any) -> dict[str, Any]:
        of = [
            {"indicator": "i", "weight": 3},
            {"indicator": "j", "weight": 1},
            {"indicator": "k", "weight": 0},
        ]
        small = {"default": 1, "by_population": [{"below": 100, "weight": 0.5}]}
        m = methodology(
            [indicator("i", "a"), indicator("j", "b"), indicator("k", "c")],
            index(
                "root",
                [
                    {"index": index("on-x", of), "weight": 2},
                    {
                        "index": index(
                            "on-y", of, network="y", absent="zero", aggregate="min", missing="zero"
                        ),
                        "weight": small,
                    },
                ],
                network=None,
                absent=None,
                **root,
            ),
        )
        c = cohort(
            [
                territory("p", population=50),
                territory("q"),
                territory("r", population=1000),
                territory("s", population=1000),
            ],
            [
                account("p", a=40, b=80, c=9),
                account("p", "y", a=10, b=None, c=None),
                account("q", a=None, b=None, c=1),
                account("s", a=40, b=80, c=None),
                account("s", "y", a=90, b=60, c=4),
            ],
        )
        result = scored(c, m)
        return {t["id"]: result.indices[i] for i, t in enumerate(c["territories"])}

    def test_worked_example(self) -> None:
        found = self.found()
        self.assertEqual(found["p"]["on-x"].value, 50)
        self.assertEqual(found["p"]["on-y"].value, 0)
        self.assertEqual(found["p"]["root"].value, 40)
        self.assertEqual(found["q"]["on-x"].state, "undefined")
        self.assertEqual(found["q"]["root"].value, 0)
        self.assertEqual(found["r"]["on-x"].state, "absent")
        self.assertEqual(found["r"]["on-y"].value, 0)
        self.assertEqual(found["r"]["root"].value, 0)
        self.assertEqual(found["s"]["root"].value, F(160, 3))

    def test_refuse_and_sum(self) -> None:
        found = self.found(missing="refuse")
        self.assertEqual(found["q"]["root"].state, "refused")
        self.assertEqual(found["r"]["root"].state, "refused")
        found = self.found(aggregate="sum", missing="zero")
        self.assertEqual(found["p"]["root"].value, 100)
        self.assertEqual(found["s"]["root"].value, 160)

    def test_share_and_harmonic(self) -> None:
        children = [
            ({"w": F(w)}, aggregate.Value(state, value))
            for w, state, value in (
                (3, "unknown", None),
                (1, "present", F(50)),
                (1, "present", F(50)),
            )
        ]
        root = {"missing": "renormalise", "aggregate": "arithmetic"}
        for share, state in (("0.4", "present"), ("0.400001", "insufficient")):
            result = aggregate.combine(
                {**root, "minimum_share": F(share)}, children, lambda child: child["w"]
            )
            self.assertEqual(result.state, state)
        result = aggregate.combine(
            {**root, "aggregate": "harmonic"},
            [
                ({"w": F(2)}, aggregate.Value("present", F(50))),
                ({"w": F(1)}, aggregate.Value("present", F(80))),
            ],
            lambda child: child["w"],
        )
        self.assertEqual(result.value, F(400, 7))


class Ranks(unittest.TestCase):
    """rank.md."""

    def found(self, **ranking: Any) -> dict[str, Any]:
        m = methodology(
            [
                indicator("i", "a / 3"),
                indicator("j", "b", direction={"closest_to": 10}, normalise=None),
            ],
            index("root", [{"indicator": "i", "weight": 1}]),
            ranking={
                "order_by": "score",
                "ties": "competition",
                "tie_breakers": [],
                "within": ["cohort", "region"],
                **ranking,
            },
            views=[
                {"id": "best", "label": text("B"), "by": {"index": "root"}},
                {"id": "close", "label": text("C"), "by": {"indicator": "j"}},
            ],
            publication={
                "decimals": 0,
                "rounding": "half_up",
                "grades": {
                    "by": "rank",
                    "view": "best",
                    "within": "cohort",
                    "steps": [
                        {"id": "first", "label": text("1"), "top": 0.25},
                        {"id": "second", "label": text("2"), "top": 0.5},
                    ],
                },
            },
        )
        del m["indicators"][1]["normalise"]
        c = cohort(
            [
                territory("p", region="1"),
                territory("q", region="1"),
                territory("r", region="2"),
                territory("s"),
                territory("t", region="2"),
                territory("u", region="2"),
            ],
            [
                account("p", a=30, b=8),
                account("q", a=31, b=12),
                account("r", a=30, b=None),
                account("s", a=15, b=10),
                account("t", a=None, b=9),
            ],
        )
        return score(c, m)

    def places(self, found: dict[str, Any], view: str, within: str) -> str:
        texts = []
        for entry in found.values():
            r = next(r for r in entry["ranks"] if (r["view"], r["within"]) == (view, within))
            texts.append("-" if r["rank"] is None else f"{r['rank']}/{r['of']}")
        return " ".join(texts)

    def test_places(self) -> None:
        tie = {"order_by": "published", "tie_breakers": [{"indicator": "j"}]}
        for ranking, view, within, expected in (
            ({}, "best", "cohort", "2/4 1/4 2/4 4/4 - -"),
            ({"ties": "dense"}, "best", "cohort", "2/4 1/4 2/4 3/4 - -"),
            (tie, "best", "cohort", "1/4 1/4 3/4 4/4 - -"),
            ({**tie, "ties": "dense"}, "best", "cohort", "1/4 1/4 2/4 3/4 - -"),
            ({}, "best", "region", "2/2 1/2 1/1 - - -"),
            ({}, "close", "cohort", "3/4 3/4 - 1/4 2/4 -"),
            ({}, "close", "region", "1/2 1/2 - - 1/1 -"),
        ):
            found = self.found(**ranking)
            self.assertEqual(self.places(found, view, within), expected)

    def test_grades(self) -> None:
        grades = [entry.get("grade") for entry in self.found().values()]
        self.assertEqual(grades, ["second", "first", "second", None, None, None])


class RollUps(unittest.TestCase):
    """roll_up.md."""

    def test_groups(self) -> None:
        def entry(id_: str, **members: Any) -> dict[str, Any]:
            return {
                "id": id_,
                "label": text("R"),
                "index": "root",
                "structure_types": ["commune"],
                "into": "region",
                **members,
            }

        m = methodology(
            [indicator("i", "a / 3")],
            index("root", [{"indicator": "i", "weight": 1}]),
            roll_ups=[entry("weighted", weight="population"), entry("plain")],
        )
        c = cohort(
            [
                territory("p", region="84", population=100),
                territory("q", region="84", population=300),
                territory("r", region="84"),
                territory("s", region="84", population=0),
                territory("t", region="11", population=0),
                territory("u", population=50),
                territory("v", region="84", population=0),
            ],
            [account(i, a=a) for i, a in zip("pqrstu", (1, 2, 30, 31, 3, 3), strict=True)],
        )
        found = scored(c, m).roll_ups()

        def rows(name: str) -> list[list[Any]]:
            members = ("group", "score", "published", "members", "left_out")
            return [[group[k] for k in members] for group in found[name]]

        self.assertEqual(
            rows("weighted"),
            [["11", None, None, 0, 0], ["84", 0.5833333333333333, "0.6", 2, 2]],
        )
        self.assertEqual(
            rows("plain"), [["11", 1, "1.0", 1, 0], ["84", 5.333333333333333, "5.3", 4, 1]]
        )


class Scorings(unittest.TestCase):
    """scoring.md."""

    def test_worked_example(self) -> None:
        min_max = {
            "method": "min_max",
            "within": "stratum",
            "low": BOUND_MIN,
            "high": BOUND_MAX,
            "clamp": True,
            "constant": 50,
        }
        m = methodology(
            [
                indicator("i", "a", unknown="impute_median", normalise=min_max),
                indicator("j", "b / c"),
            ],
            index(
                "root",
                [
                    {
                        "index": index(
                            "inner", [{"indicator": "i", "weight": 2}], network=None, absent=None
                        ),
                        "weight": 1,
                    }
                ],
            ),
            views=[
                {"id": "best", "label": text("B"), "by": {"index": "root"}},
                {"id": "ratio", "label": text("R"), "by": {"indicator": "j"}},
            ],
            publication={
                "decimals": 1,
                "rounding": "half_up",
                "grades": {
                    "by": "threshold",
                    "steps": [{"id": "good", "label": text("G"), "from": 50}],
                },
            },
            roll_ups=[
                {
                    "id": "types",
                    "label": text("T"),
                    "index": "root",
                    "structure_types": ["commune"],
                    "into": "structure_type",
                }
            ],
        )
        del m["indicators"][1]["normalise"]
        by_hand = {"id": "all", "reason": "par exemple"}
        c = cohort(
            [territory("p"), territory("q", stratum=by_hand)],
            [account("p", a=3, b=1, c=3), account("q", a=None, b=2, c=0)],
        )
        s = scored(c, m)
        p, q = s.territory(0), s.territory(1)
        shown = block("scoring", "In canonical form, of p", "").strip()
        expected = doc.read_text(shown.encode(), 2**20)
        for entry in (p, expected):
            del entry["method_sha256"]
        self.assertEqual(doc.canonical(p), doc.canonical(expected))
        lines = block("scoring", "and of q what differs", "").strip().splitlines()
        for line in lines:
            name, value = line.split(":", 1)
            self.assertEqual(doc.canonical(q[name.strip('"')]), value)
        self.assertIn(
            f'"roll_ups":{doc.canonical(s.document()["roll_ups"])}',
            (SPEC / "scoring.md").read_text(encoding="utf-8"),
        )

    def test_pinned(self) -> None:
        inner = methodology(
            [indicator("i", "a")], index("root", [{"indicator": "i", "weight": 1}]), id="inner"
        )
        pin = {
            "id": "inner",
            "version": "1",
            "method_sha256": doc.method_digest(doc.read_text(encoded(inner), 2**20)),
        }
        outer = methodology(
            [indicator("i", "b")],
            index(
                "top",
                [
                    {"methodology": pin, "absent": "zero", "weight": 3},
                    {"index": index("own", [{"indicator": "i", "weight": 1}]), "weight": 1},
                ],
                network=None,
                absent=None,
            ),
        )
        c = cohort(
            [territory("p"), territory("q")],
            [account("p", a=10, b=30), account("q", a=None, b=30)],
        )
        found = score(c, outer, (inner,))
        self.assertEqual(found["p"]["indices"][0]["score"], 15)
        self.assertEqual(found["p"]["indices"][0]["weights"], [0.75, 0.25])
        self.assertEqual(found["q"]["indices"][0]["score"], 30)
        self.assertEqual(found["q"]["indices"][0]["weights"], [0, 1])
        self.assertEqual(
            api.check(encoded(outer)),
            [("unknown_methodology", {"pointer": "/index/of/0/methodology"})],
        )


class Examples(unittest.TestCase):
    """The cohorts of `examples/`, scored by their methodologies."""

    def test_published_scores(self) -> None:
        for folder, table, m, attributes in (
            (
                "regions-2012",
                "cohort-derived.csv",
                SPEC / "methodologies/adverbia-facebook-regions@2012.08.json",
                ("population_over_15",),
            ),
            (
                "departements-2012",
                "cohort.csv",
                EXAMPLES / "departements-2012/adverbia-twitter-departements@2012.10.json",
                (),
            ),
        ):
            c = cohort_of_csv(EXAMPLES / folder / table, attributes)
            result = api.score(encoded(c), m.read_bytes())
            assert isinstance(result, dict)
            found = {
                entry["id"]: (entry["indices"][0]["published"], str(entry["ranks"][0]["rank"]))
                for entry in result["territories"]
            }
            lines = (EXAMPLES / folder / "expected.csv").read_text(encoding="utf-8").splitlines()
            for line in lines[1:]:
                id_, published, place, _ = line.split(",")
                self.assertEqual(found[id_], (published, place), id_)

    def test_every_methodology_is_sound(self) -> None:
        texts = [path.read_bytes() for path in sorted((SPEC / "methodologies").glob("*.json"))]
        for each in texts:
            self.assertEqual(api.check(each, texts), [])

    def test_alone_is_as_in_the_cohort(self) -> None:
        c = cohort_of_csv(EXAMPLES / "petite-france" / "cohort-synthetic.csv")
        texts = [path.read_bytes() for path in sorted((SPEC / "methodologies").glob("*.json"))]
        for name in ("observatoire-instagram@2017.10", "territoires@2026.11"):
            m = (SPEC / "methodologies" / f"{name}.json").read_bytes()
            result = api.score(encoded(c), m, texts)
            known = api.reference(encoded(c), m, texts)
            assert isinstance(result, dict)
            for row, expected in zip(c["territories"], result["territories"], strict=True):
                own = [entry for entry in c["accounts"] if entry["territory"] == row["id"]]
                alone = cohort([row], own)
                entry = api.score_alone(encoded(alone), m, doc.canonical(known).encode(), texts)
                self.assertEqual(doc.canonical(entry), doc.canonical(expected))
