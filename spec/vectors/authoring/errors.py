"""errors.md: stages, which faults are found together."""

from __future__ import annotations

from typing import Any

from .build import Row, changed, child, cohort, fr, index, indicator, inner, methodology, stratum, values
from .case import Page
from .methodology import pin_of

page = Page("errors")
Json = dict[str, Any]
SOUND = methodology()

page.check(
    "example",
    "The example of the page: it stops at the shape.",
    "missing_field\nunknown_value /status\ntext_without_french /title\nunknown_field /indicators/0/colour\nformula_syntax /indicators/0/formula\nmissing_field /indicators/0",
    {
        "language": "bareme/1",
        "document": "methodology",
        "id": "T",
        "version": "1",
        "status": "final",
        "title": {"en": "T"},
        "indicators": [{"formula": "likes +", "colour": "blue"}],
    },
    "malformed stage",
)
for name, text, finds, about in [
    (
        "text-before-kind",
        '{"language": 1, "document": 2, "x": 1e999}',
        "number_not_representable /x",
        "Stage 1 hides stage 2.",
    ),
    (
        "kind-before-shape",
        '{"language": "bareme/1", "document": "x", "id": 1}',
        "unknown_value /document",
        "Stage 2 hides stage 3.",
    ),
]:
    page.check(name, about, finds, text, "malformed stage")
page.check(
    "shape-before-meaning",
    "Stage 3 hides stage 4: formulas are of stage 3, their names of stage 4.",
    "formula_syntax /indicators/0/formula",
    changed(changed(SOUND, "/indicators/0/formula", "a +"), "/id", "É"),
    "malformed stage",
)
page.check(
    "meaning-all",
    "Every part of stage 4 together.",
    "invalid_id /id\nout_of_range /period_days\nstrata_overlap /strata/1/structure_types/0\nunknown_reference /eligibility/0/require\nunused /indicators/1\nunknown_reference /index/of/1/indicator\nout_of_range /views\nout_of_range /publication/decimals\nduplicate_id /ranking/within/1\nunknown_reference /roll_ups/0/index\nunknown_methodology /index/of/2/methodology\nnot_allowed_here /index/of/2/methodology",
    {
        **SOUND,
        "id": "É",
        "period_days": 0,
        "strata": [stratum("s"), stratum("t")],
        "eligibility": [{"id": "e", "label": fr("e"), "require": "z > 1"}],
        "indicators": [indicator(), indicator("j", "b")],
        "index": index(
            of=[child(), child("k"), child({"id": "o", "version": "1", "method_sha256": "0" * 64}, absent="zero")]
        ),
        "views": [],
        "publication": {"decimals": 99, "rounding": "down"},
        "ranking": {"order_by": "score", "ties": "dense", "tie_breakers": [], "within": ["cohort", "cohort"]},
        "roll_ups": [{"id": "r", "label": fr("r"), "index": "no", "structure_types": ["commune"], "into": "region"}],
    },
    "malformed stage",
)
page.check(
    "many",
    "100 faults, all of them.",
    "\n".join(f"unused /indicators/{n}" for n in range(1, 100)) + "\nout_of_range /publication/decimals",
    {
        **methodology([indicator()] + [indicator(f"n{n}") for n in range(99)], index()),
        "publication": {"decimals": 13, "rounding": "down"},
    },
    "malformed limit",
)
BAD = cohort([Row("p", {"b": 1}, structure_type="canton")])
page.add(
    "cohort-alone",
    "A cohort that is sound by itself and not under the methodology.",
    "malformed stage",
    "score",
    "unknown_structure_type /territories/0/structure_type\nmissing_metric /accounts",
    methodology=SOUND,
    cohort=BAD,
)
page.add(
    "cohort-before-methodology-checks",
    "A cohort with faults of its own: nothing is asked under the methodology.",
    "malformed stage",
    "score",
    "negative_value /territories/0/population",
    methodology=SOUND,
    cohort=changed(BAD, "/territories/0/population", -1),
)
page.add(
    "methodology-alone",
    "A methodology with faults, and a sound cohort.",
    "malformed stage",
    "score",
    "out_of_range /publication/decimals",
    methodology=changed(SOUND, "/publication/decimals", 13),
    cohort=values(1, 2),
)
page.add(
    "cohort-kind",
    "A methodology in the place of a cohort.",
    "malformed stage",
    "score",
    "unknown_value /document",
    methodology=SOUND,
    cohort=SOUND,
)
page.add(
    "cohort-text",
    "A cohort that is no JSON.",
    "malformed stage",
    "score",
    "json_syntax 1:1",
    methodology=SOUND,
    cohort="territory,name\np,P\n",
)
STRICT = methodology(
    id="strict",
    strata=[stratum(population={"from": 0})],
    outside_strata="refuse",
    structure_types={"commune": {"label": fr("C")}},
)
LOOSE = methodology(
    root=inner("root", [child(index("mine")), child(pin_of(STRICT), 1, absent="zero")]),
    strata=[stratum("s", population={"from": 0})],
    structure_types={"commune": {"label": fr("C")}},
    outside_strata="refuse",
)
page.add(
    "stratum-of-pin-first",
    "Territories of no stratum: what is pinned says so before the methodology.",
    "malformed stage pinned outside",
    "score",
    "stratum_not_found /territories/1/population",
    methodology=LOOSE,
    cohort=cohort([Row("p", {"a": 1}, population=1), Row("q", {"a": 1})]),
    others=[STRICT],
)
page.add(
    "stratum-of-pin-type",
    "A structure type that only the methodology knows is outside in what is pinned.",
    "malformed stage pinned outside",
    "score",
    "stratum_not_found /territories/1/structure_type",
    methodology={
        **LOOSE,
        "structure_types": {"commune": {"label": fr("C")}, "departement": {"label": fr("D")}},
        "strata": [stratum("s", ["commune", "departement"])],
    },
    cohort=cohort([Row("p", {"a": 1}, population=1), Row("q", {"a": 1}, population=1, structure_type="departement")]),
    others=[STRICT],
)
page.add(
    "stratum-after-missing",
    "A stage after missing metrics.",
    "malformed stage outside",
    "score",
    "missing_metric /accounts",
    methodology=STRICT,
    cohort=cohort([Row("p", {"b": 1})]),
)
page.check(
    "pin-faulty",
    "A document at hand that has faults is not at hand.",
    "unknown_methodology /index/of/1/methodology",
    methodology(
        root=inner(
            "root",
            [
                child(index("mine")),
                child(
                    pin_of({**STRICT, "id": "broken", "publication": {"decimals": 13, "rounding": "down"}}),
                    1,
                    absent="zero",
                ),
            ],
        )
    ),
    "malformed pinned",
    others=[{**STRICT, "id": "broken", "publication": {"decimals": 13, "rounding": "down"}}],
)
page.check(
    "pin-unpinned",
    "Nor is one whose own pin does not hold.",
    "unknown_methodology /index/of/1/methodology",
    methodology(root=inner("root", [child(index("mine")), child(pin_of(LOOSE), 1, absent="zero")])),
    "malformed pinned",
    others=[LOOSE],
)
page.check(
    "pin-several",
    "Of several documents of one method the first is pinned; they differ in status.",
    "",
    methodology(root=inner("root", [child(index("mine")), child(pin_of(STRICT), 1, absent="zero")])),
    "pinned",
    others=[STRICT, {**STRICT, "title": fr("autre")}],
)
