"""What tests share: a frame of two towns, real examples, and the folders of the repository."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import bareme
import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "petite-france" / "cohort-synthetic.csv"
METHODOLOGY = "observatoire-instagram@2017.10"


def two_towns() -> dict[str, list[Any]]:
    return {
        "territory": ["06083", "06088"],
        "name": ["Menton", "Nice"],
        "structure_type": ["commune", "commune"],
        "population": [30326, 50000],
        "network": ["instagram", "instagram"],
        "from": ["2026-10-01", "2026-10-01"],
        "to": ["2026-10-31", "2026-10-31"],
        "followers": [18700, 92000],
        "following": [350, 120],
        "posts": [31, 62],
        "likes": [9000, 150000],
        "comments": [240, 3100],
    }


def as_document(frame: dict[str, list[Any]]) -> dict[str, Any]:
    rows = [dict(zip(frame, row, strict=True)) for row in zip(*frame.values(), strict=True)]
    own = ("territory", "name", "structure_type", "population", "network", "from", "to")
    return {
        "language": "bareme/1",
        "document": "cohort",
        "period": {"from": rows[0]["from"], "to": rows[0]["to"]},
        "territories": [
            {
                "id": row["territory"],
                "name": row["name"],
                "structure_type": row["structure_type"],
                "population": row["population"],
            }
            for row in rows
        ],
        "accounts": [
            {
                "territory": row["territory"],
                "network": row["network"],
                "metrics": {name: value for name, value in row.items() if name not in own},
            }
            for row in rows
        ],
    }


@pytest.fixture
def frame() -> dict[str, list[Any]]:
    return two_towns()


@pytest.fixture(scope="session")
def methodology() -> bareme.Methodology:
    return bareme.methodology(METHODOLOGY)


@pytest.fixture(scope="session")
def example() -> dict[str, list[Any]]:
    """The columns of an example, typed as a data frame has them."""
    with EXAMPLE.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = {"territory", "name", "structure_type", "department", "region", "stratum", "stratum_reason"}
    texts |= {"from", "to", "network", "population_vintage", "main", "synthetic"}

    def value(name: str, text: str) -> Any:
        if name in texts:
            return text
        return float(text) if text else None

    return {name: [value(name, row[name]) for row in rows] for name in rows[0]}
