"""The library through uniffi's own Python: what the Kotlin and Swift packages share is proved without either.

`shipped` is the library that apps carry; `testing` is built from the same sources with the vectors inside.
"""

from __future__ import annotations

import json
import struct
import sys
import threading
import unittest
from pathlib import Path
from typing import Any

import shipped.bareme_mobile as bareme
import testing.bareme_mobile as testing

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "spec/independent"))
from bareme_independent.documents import merge  # noqa: E402

PAGES = sorted((ROOT / "spec/vectors/bareme-1").glob("*.json"))
METHOD = "observatoire-instagram@2017.10"


def bits(number: float) -> str:
    return struct.pack(">d", number).hex()


def document(given: dict[str, Any], base: Any) -> bytes | None:
    """Give the bytes of an input that is written out, or out of the page's methodology."""
    if "json" in given:
        return json.dumps(given["json"]).encode()
    return json.dumps(merge(base, given["merge"])).encode() if "merge" in given else None


class Shared(unittest.TestCase):
    def test_every_vector(self) -> None:
        count = 0
        for page in PAGES:
            for outcome in testing.self_test(page.read_bytes()):
                self.assertEqual(outcome.differences, [], outcome.id)
                count += 1
        self.assertGreater(count, 1600)

    def test_scores_through_the_interface(self) -> None:
        """The cases of scoring, with the bits of what crosses."""
        compared = 0
        for page in PAGES:
            text = json.loads(page.read_bytes())
            for case in text["cases"]:
                expected = case["expected"].get("territories")
                if case["operation"] != "score" or not expected or "others" in case:
                    continue
                given = (document(case[name], text["methodology"]) for name in ("methodology", "cohort"))
                method, cohort = given
                if method is None or cohort is None:
                    continue
                found = bareme.Methodology.from_json(method).score(bareme.Cohort.from_json(cohort)).territories()
                for territory, wanted in zip(found, expected, strict=True):
                    for index, value in zip(territory.indices, wanted["indices"], strict=True):
                        score = value["score"] and value["score"]["bits"]
                        self.assertEqual(index.score if index.score is None else bits(index.score), score, case["id"])
                        self.assertEqual(index.published, value["published"], case["id"])
                    for criterion, value in zip(territory.criteria, wanted["criteria"], strict=True):
                        for name in ("raw", "mark", "weight"):
                            number = getattr(criterion, name)
                            shown = value[name] and value[name]["bits"]
                            self.assertEqual(number if number is None else bits(number), shown, case["id"])
                            compared += 1
        self.assertGreater(compared, 1000)

    def test_panics_are_exceptions(self) -> None:
        with self.assertRaises(testing.BaremeError.Internal):
            testing.self_test_panic()
        with self.assertRaisesRegex(testing.InternalError, "a panic that a test asked for"):
            testing.self_test_panic_outside()

    def test_what_only_tests_call_is_not_shipped(self) -> None:
        self.assertFalse([name for name in dir(bareme) if "self_test" in name])

    def test_faults(self) -> None:
        with self.assertRaises(bareme.BaremeError.Input) as caught:
            bareme.Cohort.from_json(b"{")
        self.assertEqual(caught.exception.faults[0].code, "json_syntax")

    def test_threads(self) -> None:
        official = bareme.methodology(METHOD)
        table = (ROOT / "examples/petite-france/cohort-synthetic.csv").read_bytes()
        scoring = official.score(bareme.Cohort.from_csv(table, official))
        reference, cohort = scoring.reference(), scoring.cohort()
        expected = [scoring.territory(id) for id in cohort.ids()]
        found: list[object] = []

        def work() -> None:
            found.append([reference.score_in(cohort, id) for id in cohort.ids()])

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [expected] * 8)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-q"])
