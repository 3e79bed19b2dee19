"""What docs/mobile.md says of the library, through uniffi's own Python, which adds little.

A process for each first call; the fastest of several runs, since whatever else the machine does only adds.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRST = (
    ("the methodology `observatoire-instagram@2017.10`", "bareme.methodology('observatoire-instagram@2017.10')"),
    ("the methodology `territoires@2026.11` and the six that it pins", "bareme.methodology('territoires@2026.11')"),
    ("the whole catalogue", "bareme.catalogue()"),
)
PROGRAM = """
import time
import shipped.bareme_mobile as bareme
bareme.bareme_version()
start = time.perf_counter()
%s
print((time.perf_counter() - start) * 1000)
"""


def first(call: str) -> float:
    command = [sys.executable, "-c", PROGRAM % call]
    runs = [subprocess.run(command, check=True, capture_output=True) for _ in range(15)]
    return min(float(run.stdout) for run in runs)


def fastest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(100):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


def main() -> None:
    for name, call in FIRST:
        print(f"first call, {name}: {first(call):.2f} ms")

    import shipped.bareme_mobile as bareme

    official = bareme.methodology("observatoire-instagram@2017.10")
    table = (ROOT / "examples/petite-france/cohort-synthetic.csv").read_bytes()
    scoring = official.score(bareme.Cohort.from_csv(table, official))
    reference, cohort = scoring.reference(), scoring.cohort()

    text = reference.to_json().encode()
    read = fastest(lambda: bareme.Reference.from_json(text, official))
    print(f"read the reference of {cohort.size()} territories, {len(text)} bytes: {read:.2f} ms")


if __name__ == "__main__":
    main()
