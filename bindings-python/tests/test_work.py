"""Long work: threads, forks, interruption, progress; and that an import starts nothing."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from typing import Any

import bareme
import numpy
import pytest
from conftest import METHODOLOGY, two_towns

Columns = dict[str, Any]


def many(rows: int) -> Columns:
    """So many towns of one stratum."""
    numbers = numpy.arange(rows)
    same = {
        "structure_type": ["commune"] * rows,
        "population": (numbers % 50000 + 30000).astype(float),
        "network": ["instagram"] * rows,
    }
    return {
        "territory": [f"T{number:07}" for number in range(rows)],
        "name": [f"Town {number}" for number in range(rows)],
        **same,
        "followers": (numbers * 7919 % 100003 + 1).astype(float),
        "following": (numbers % 500).astype(float),
        "posts": (numbers % 60 + 1).astype(float),
        "likes": (numbers * 104729 % 1000003).astype(float),
        "comments": (numbers * 31 % 5003).astype(float),
    }


PERIOD = ("2026-10-01", "2026-10-31")


def test_progress_is_told(methodology: bareme.Methodology) -> None:
    told: list[tuple[int, int]] = []
    scoring = methodology.score(many(300000), period=PERIOD, progress=lambda done, total: told.append((done, total)))
    assert len(scoring) == 300000
    assert told
    done = [done for done, _ in told]
    assert done == sorted(done)
    assert all(0 <= done <= total for done, total in told)


def test_an_exception_of_progress_stops_the_work(methodology: bareme.Methodology) -> None:
    class Enough(Exception):
        pass

    def progress(done: int, total: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        methodology.score(many(300000), period=PERIOD, progress=progress)
    assert len(methodology.score(two_towns())) == 2


def test_progress_goes_with_tqdm(methodology: bareme.Methodology) -> None:
    tqdm = pytest.importorskip("tqdm")
    with tqdm.tqdm(disable=True) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        methodology.score(many(50000), period=PERIOD, progress=progress)


def test_threads_change_nothing(example: Any, methodology: bareme.Methodology) -> None:
    documents = {methodology.score(example, threads=threads).to_json() for threads in (1, 2, 5)}
    assert len(documents) == 1


def test_a_python_without_a_lock_stays_without_one() -> None:
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        assert not sys._is_gil_enabled()  # type: ignore[attr-defined,unused-ignore]
    else:
        pytest.skip("this Python has its lock")


def test_many_threads_at_once(methodology: bareme.Methodology, example: Any) -> None:
    expected = methodology.score(example).to_json()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: methodology.score(example).to_json(), range(40)))
    assert found == {expected}


def test_one_scoring_read_by_many_threads(methodology: bareme.Methodology, example: Any) -> None:
    scoring = methodology.score(example)
    barrier = threading.Barrier(8)

    def read() -> Any:
        barrier.wait()
        return scoring.scores["performance.score"], scoring.reference.sha256

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = [future.result() for future in [pool.submit(read) for _ in range(8)]]
    assert all(one == found[0] for one in found)


def test_other_threads_run_meanwhile(methodology: bareme.Methodology) -> None:
    ticks: list[float] = []
    over = threading.Event()

    def tick() -> None:
        while not over.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.002)

    ticker = threading.Thread(target=tick)
    data = many(300000)
    ticker.start()
    cohort = methodology.cohort(data, period=PERIOD)
    start = time.perf_counter()
    methodology.score(cohort)
    end = time.perf_counter()
    over.set()
    ticker.join()
    assert len([at for at in ticks if start <= at <= end]) > (end - start) / 0.1


def _score(queue: Any) -> None:
    queue.put(bareme.methodology(METHODOLOGY).score(two_towns()).to_json())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_it_works_in_another_process(method: Any, methodology: bareme.Methodology) -> None:
    expected = methodology.score(two_towns()).to_json()
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    process = context.Process(target=_score, args=(queue,))
    process.start()
    assert queue.get(timeout=60) == expected
    process.join(60)
    assert process.exitcode == 0


INTERRUPTED = """
import sys, time
sys.path.insert(0, {tests!r})
import bareme
from test_work import many, PERIOD
methodology = bareme.methodology({methodology!r})
data = many(600000)
print("ready", flush=True)
try:
    while True:
        {work}
except KeyboardInterrupt:
    print("interrupted", flush=True)
# What was given up does not keep the interpreter from working, or from ending.
assert len(methodology.score(many(10), period=PERIOD)) == 10
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("work", ["methodology.score(data, period=PERIOD)", "methodology.cohort(data, period=PERIOD)"])
def test_ctrl_c_is_heard_at_once(work: str) -> None:
    program = INTERRUPTED.format(tests=os.path.dirname(__file__), methodology=METHODOLOGY, work=work)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.7)
        start = time.perf_counter()
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "interrupted\n"
        waited = time.perf_counter() - start
        assert process.wait(60) == 0
    assert waited < 0.8


def test_importing_is_quick_and_starts_nothing() -> None:
    program = (
        "import sys, threading, time; start = time.perf_counter(); import bareme; took = time.perf_counter() - start; "
        "heavy = {'numpy', 'pandas', 'polars', 'pyarrow', 'altair', 'asyncio'} & set(sys.modules); "
        "print(took, threading.active_count(), sorted(heavy))"
    )
    answers = []
    for _ in range(3):
        answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        took, threads, heavy = answer.split(maxsplit=2)
        assert (threads, heavy.strip()) == ("1", "[]")
        answers.append(float(took))
    assert min(answers) < 0.25
