"""The package beside pandas and polars, on the same frames, in the same run.

``python bindings-python/benches/compare.py``; needs pandas, polars and pyarrow, and ``cargo xtask france`` for all of
France. The others do in binary64 what bareme does exactly: 35 quotients, each marked between the ends of its
stratum, their weighted mean, and ranks. They know no missing value and round at every step.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import bareme
import numpy
import pandas
import polars
from bareme import _bareme

ROOT = Path(__file__).parents[2]
INDICATORS, STRATA, WIDTH = 35, 12, 1000
COUNTS = [f"count_{place:02}" for place in range(INDICATORS)]
WEIGHTS = [place % 5 + 1 for place in range(INDICATORS)]


def methodology() -> bareme.Methodology:
    """Give the methodology of ``benches/src/sample.rs``: 35 ratios between the ends of their strata."""

    def label(text: str) -> dict[str, str]:
        return {"fr": text}

    count = {"kind": "count", "measure": "stock", "label": label("x")}
    mark = {"method": "min_max", "within": "stratum", "clamp": True, "constant": 50}
    mark |= {"low": {"statistic": "min"}, "high": {"statistic": "max"}}
    strata: list[dict[str, Any]] = [
        {
            "id": f"s{place}",
            "label": label(f"s{place}"),
            "structure_types": ["commune"],
            "population": {"from": place * WIDTH} | ({"below": (place + 1) * WIDTH} if place + 1 < STRATA else {}),
        }
        for place in range(STRATA)
    ]
    indicators = [
        {
            "id": name,
            "label": label(name),
            "formula": f"{name} / followers",
            "direction": "higher",
            "undefined": "mark_zero",
            "unknown": "leave_out",
            "normalise": mark,
        }
        for name in COUNTS
    ]
    index: dict[str, Any] = {"id": "root", "label": label("root"), "network": "net", "absent": "leave_out"}
    index |= {"aggregate": "arithmetic", "missing": "renormalise"}
    index["of"] = [{"indicator": name, "weight": weight} for name, weight in zip(COUNTS, WEIGHTS, strict=True)]
    document = {
        "language": "bareme/1",
        "document": "methodology",
        "id": "bench",
        "version": "1",
        "status": "draft",
        "title": label("bench"),
        "structure_types": {"commune": {"label": label("commune")}},
        "networks": {"net": {"label": label("net")}},
        "metrics": {name: count | {"label": label(name)} for name in [*COUNTS, "followers"]},
        "strata": strata,
        "outside_strata": "refuse",
        "indicators": indicators,
        "index": index,
        "ranking": {"order_by": "score", "ties": "competition", "tie_breakers": [], "within": ["stratum"]},
        "views": [{"id": "best", "label": label("best"), "by": {"index": "root"}}],
        "publication": {"decimals": 1, "rounding": "half_up"},
    }
    return bareme.Methodology.from_json(document)


def sample(rows: int) -> polars.DataFrame:
    """Give so many territories in strata of no order, with 35 counts and a divisor, as binary64."""
    random = numpy.random.default_rng(1)
    return polars.DataFrame(
        {
            "territory": [f"T{row:07}" for row in range(rows)],
            "name": [f"T{row:07}" for row in range(rows)],
            "structure_type": ["commune"] * rows,
            "network": ["net"] * rows,
            "population": random.integers(0, STRATA, rows).astype(float) * WIDTH + 1,
            "followers": random.integers(1, 1_000_000, rows).astype(float),
        }
        | {name: random.integers(0, 1_000_000, rows).astype(float) for name in COUNTS}
    )


def by_polars(frame: polars.DataFrame) -> polars.DataFrame:
    """Do the same in plain numbers with polars."""
    stratum = (polars.col("population") // WIDTH).alias("stratum")
    raw = frame.select("territory", stratum, *(polars.col(name) / polars.col("followers") for name in COUNTS))
    ends = [(polars.col(name).min().over("stratum"), polars.col(name).max().over("stratum")) for name in COUNTS]
    marks = [
        (polars.col(name) - low) / (high - low) * 100 * weight
        for name, weight, (low, high) in zip(COUNTS, WEIGHTS, ends, strict=True)
    ]
    scores = raw.select("territory", "stratum", score=polars.sum_horizontal(marks) / sum(WEIGHTS))
    return scores.with_columns(rank=polars.col("score").rank("min", descending=True).over("stratum"))


def by_pandas(frame: pandas.DataFrame) -> pandas.DataFrame:
    """Do the same in plain numbers with pandas."""
    stratum = frame["population"] // WIDTH
    raw = frame[COUNTS].div(frame["followers"], axis=0)
    groups = raw.groupby(stratum)
    low, high = groups.transform("min"), groups.transform("max")
    score = ((raw - low) / (high - low) * 100).mul(WEIGHTS).sum(axis=1) / sum(WEIGHTS)
    rank = score.groupby(stratum).rank(method="min", ascending=False)
    return pandas.DataFrame({"territory": frame["territory"], "score": score, "rank": rank})


def timed(work: Callable[[], Any], times: int) -> tuple[float, float]:
    """Give the median of the seconds that some work takes, and that of those spent in the core."""
    walls, cores = [], []
    for _ in range(times):
        before = _bareme.worked()
        start = time.perf_counter()
        result = work()
        walls.append(time.perf_counter() - start)
        cores.append((_bareme.worked() - before) / 1e9)
        del result
    return statistics.median(walls), statistics.median(cores)


def line(what: str, wall: float, core: float = 0.0) -> None:
    """Print a row of the table."""
    overhead = f"{core * 1e3:9.1f} ms {100 * (wall / core - 1):6.1f} %" if core else ""
    print(f"{what:<58} {wall * 1e3:9.1f} ms {overhead}", flush=True)


def scored(rules: bareme.Methodology, given: Any, threads: int) -> Any:
    """Do what is measured: from a frame to a frame."""
    return rules.score(given, threads=threads).scores


def samples(rows: int, times: int) -> None:
    """Compare on a cohort of so many rows."""
    rules, frame = methodology(), sample(rows)
    data = frame.to_pandas()
    columns = {name: data[name].to_numpy() for name in data}
    name = f"{rows:,} x {INDICATORS}"
    line(f"{name}: polars, plain numbers", timed(lambda: by_polars(frame), times)[0])
    line(f"{name}: pandas, plain numbers", timed(lambda: by_pandas(data), times)[0])
    given: Any
    for kind, given in (("polars", frame), ("pandas", data), ("dict of numpy", columns)):
        for threads in (1, 2):
            work = timed(partial(scored, rules, given, threads), times)
            line(f"{name}: bareme, {kind} to {kind}, {threads} thread{'s' * (threads - 1)}", *work)


def france(times: int) -> None:
    """Score all of France from frames."""
    path = ROOT / "examples" / "france-2026" / "cohort-synthetic.csv"
    if not path.exists():
        print("all of France: not there; `cargo xtask france` writes it")
        return
    texts = dict.fromkeys(("territory", "department", "region", "population_vintage"), polars.String)
    frame = polars.read_csv(path, schema_overrides=texts)
    data = frame.to_pandas()
    rules = bareme.methodology("territoires@2026.11")
    given: Any
    for kind, given in (("polars", frame), ("pandas", data)):
        line(
            f"all of France: bareme, {kind} to {kind}",
            *timed(partial(scored, rules, given, 1), times),
        )


def memory(rows: int, kind: str) -> tuple[float, float, int]:
    """Give the memory in use at most while scoring a new frame, and after it, over the bytes of the frame; and these.

    The frame itself does not count, the cohort that the scoring keeps does. Of a process of its own, on Linux.
    """
    program = (
        "import compare, gc, json, polars, resource\n"
        f"frame = compare.sample({rows}).with_columns(polars.col(polars.Float64).cast(polars.{kind}))\n"
        "rules = compare.methodology(); gc.collect()\n"
        "now = lambda: int(open('/proc/self/statm').read().split()[1]) * resource.getpagesize()\n"
        "before = now()\n"
        "open('/proc/self/clear_refs', 'w').write('5')\n"
        "scoring = rules.score(frame)\n"
        "peak = [int(l.split()[1]) * 1024 for l in open('/proc/self/status') if l.startswith('VmHWM')][0]\n"
        "print(json.dumps([before, peak, now(), int(frame.estimated_size())]))\n"
    )
    here = os.path.dirname(__file__)
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=here, capture_output=True, text=True, check=True, env=os.environ
    )
    before, peak, after, size = json.loads(found.stdout)
    return (peak - before) / size, (after - before) / size, size


if __name__ == "__main__":
    print(f"{'':<58} {'wall':>12} {'in the core':>12} {'besides':>8}")
    france(9)
    samples(36_000, 9)
    if "--short" not in sys.argv:
        samples(1_000_000, 3)
        for kind in ("Float64", "Int64"):
            most, kept, size = memory(1_000_000, kind)
            what = f"{most:.2f} times the input's memory besides it, {kept:.2f} once scored"
            print(f"1,000,000 x {INDICATORS} as {kind}: {what} ({size >> 20} MiB)")
