"""publication.md."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

from bareme_independent import documents as doc
from bareme_independent import ed25519, publication, verification
from bareme_independent.errors import Refused

from .build import (
    EXAMPLES,
    SPEC,
    account,
    block,
    cohort,
    cohort_of_csv,
    index,
    indicator,
    methodology,
    scored,
    territory,
    text,
)


def sample() -> Any:
    """A scored cohort of three, with a previous period, a roll-up and a grade."""
    m = methodology(
        [
            indicator(
                "i", "a - previous.a", normalise={"method": "percentile_rank", "within": "cohort"}
            )
        ],
        index("root", [{"indicator": "i", "weight": 1}]),
        roll_ups=[
            {
                "id": "regions",
                "label": text("R"),
                "index": "root",
                "structure_types": ["commune"],
                "into": "region",
            }
        ],
    )
    c = cohort(
        [
            territory("r", region="2", population_vintage="2026"),
            territory("p", region="1", formerly=["old"]),
            territory("q"),
        ],
        [account("p", a=3), account("r", a=7)],
        previous={"accounts": [account("old", a=1), account("r", a=2)]},
    )
    return scored(c, m)


class Publications(unittest.TestCase):
    """The body, the receipt, and what verification finds."""

    def read(self, document: Any) -> publication.Published:
        return publication.read(doc.canonical(document).encode())

    def test_tree(self) -> None:
        d = [hashlib.sha256(name).digest() for name in (b"a", b"b", b"c")]
        first = publication.node(publication.leaf(d[0]), publication.leaf(d[1]))
        self.assertEqual(
            first.hex(), "ad5ca6cddc0b27c6a83e332bf28011769236e6c6a1f786ebf7b5267b37a5bd22"
        )
        root = publication.root(d)
        self.assertEqual(
            root.hex(), "cac3d448d4e20a2ad5eae1f500e63c2a7f9217cd14572ba7fd22e26dc1ec2648"
        )
        self.assertEqual(publication.path(2, d), [first])
        for n in range(1, 20):
            digests = [hashlib.sha256(bytes([i])).digest() for i in range(n)]
            root = publication.root(digests)
            for i in range(n):
                proof = publication.path(i, digests)
                self.assertTrue(publication.proves(digests[i], i, n, proof, root))
                other = bytes(32)
                self.assertFalse(publication.proves(other, i, n, proof, root))

    def test_verified(self) -> None:
        s = sample()
        for inputs in ("included", "digest"):
            body = publication.publication(s, inputs, ["une note"])
            published = self.read(body)
            self.assertTrue(published.is_canonical)
            self.assertEqual(verification.verify(published).disagreements, [])
            ids = [row["territory"]["id"] for row in body["rows"]]
            self.assertEqual(ids, ["p", "q", "r"])
            for id_ in ids:
                receipt = publication.receipt(published.document, id_)
                self.assertEqual(verification.verify(self.read(receipt)).disagreements, [])

    def test_every_altered_digit_is_found(self) -> None:
        body = doc.canonical(publication.publication(sample()))
        digits = [i for i, character in enumerate(body) if character.isdigit()]
        for i in digits[::7]:
            altered = body[:i] + str((int(body[i]) + 1) % 10) + body[i + 1 :]
            try:
                published = publication.read(altered.encode())
            except Refused:  # a fault finds it too
                continue
            self.assertFalse(verification.verify(published).verified, altered[i - 40 : i + 20])

    def test_step(self) -> None:
        body = json.loads(doc.canonical(publication.publication(sample())))
        body["rows"][0]["result"]["criteria"]["i"]["x"]["mark"] = 26
        found = verification.verify(self.read(body)).disagreements
        steps = [(entry.step, entry.pointer) for entry in found]
        self.assertIn(("integrity", "/rows/0/sha256"), steps)
        self.assertIn(("mark", "/rows/0/result/criteria/i/x/mark"), steps)

    def test_ed25519(self) -> None:
        # RFC 8032, section 7.1, tests 1 and 2.
        for key, message, signature in (
            (
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
                "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
                "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            ),
        ):
            k, m, s = (bytes.fromhex(part) for part in (key, message, signature))
            self.assertTrue(ed25519.verify(k, s, m))
            self.assertFalse(ed25519.verify(k, s, m + b"x"))
            self.assertFalse(ed25519.verify(k, bytes([s[0] ^ 1]) + s[1:], m))
            unreduced = int.from_bytes(s[32:], "little") + ed25519.L
            self.assertFalse(ed25519.verify(k, s[:32] + unreduced.to_bytes(32, "little"), m))
            self.assertFalse(ed25519.verify(bytes([1]) + bytes(31), s, m))


class Auditor(unittest.TestCase):
    """What README.md tells who wants to check a published score."""

    PUBLISHED = EXAMPLES / "regions-2012" / "publication.json"

    def test_example_is_what_its_table_gives(self) -> None:
        c = cohort_of_csv(self.PUBLISHED.parent / "cohort-derived.csv", ("population_over_15",))
        m = json.loads((SPEC / "methodologies/adverbia-facebook-regions@2012.08.json").read_bytes())
        published = self.PUBLISHED.read_text(encoding="utf-8")
        notes = json.loads(published)["head"]["notes"]
        body = publication.publication(scored(c, m), "included", notes)
        self.assertEqual(doc.canonical(body), published)

    def test_commands_of_the_page(self) -> None:
        lines = block("README", "## To check a published score", "sh").splitlines()
        self.assertEqual(lines[0], "cd independent")
        with tempfile.TemporaryDirectory() as folder:
            receipt = Path(folder) / "receipt.json"
            reports = []
            for line in lines[1:]:
                words = line.split()
                self.assertEqual(words[0], "python3")
                words[1:] = [str(receipt) if word == "receipt.json" else word for word in words[1:]]
                run = self.run_command(words[1:])
                self.assertEqual(run.returncode, 0, run.stderr)
                if "verify" in words:
                    reports.append(json.loads(run.stdout))
            verdicts = [(report["verified"], report["depth"]) for report in reports]
            self.assertEqual(verdicts, [(True, 3), (True, 2)])

    def test_exits(self) -> None:
        published = self.PUBLISHED.read_text(encoding="utf-8")
        altered = published.replace('"published":"1.33"', '"published":"1.34"')
        self.assertNotEqual(altered, published)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "publication.json"
            path.write_text(altered, encoding="utf-8")
            run = self.run_command(["-m", "bareme_independent", "verify", str(path)])
            self.assertEqual(run.returncode, 1, run.stderr)
            found = json.loads(run.stdout)["disagreements"]
            self.assertIn(("R22", "rounding"), [(e.get("territory"), e["step"]) for e in found])
            path.write_text(published[:-1], encoding="utf-8")
            run = self.run_command(["-m", "bareme_independent", "verify", str(path)])
            self.assertEqual(run.returncode, 2)
            self.assertEqual(json.loads(run.stderr)[0]["code"], "json_syntax")

    def run_command(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        """Runs Python in the folder of the implementation."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=SPEC / "independent",
            capture_output=True,
            text=True,
            check=False,
        )
