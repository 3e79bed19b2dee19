"""Documents, plots, what Jupyter shows, the command line, documentation, types."""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import bareme
import pytest
from conftest import EXAMPLE, METHODOLOGY, ROOT, as_document, two_towns

PACKAGE = ROOT / "bindings-python"


def run(*arguments: str, check: int = 0) -> str:
    found = subprocess.run(
        [sys.executable, "-m", "bareme", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert found.returncode == check, found.stderr
    return found.stdout or found.stderr


def command() -> str:
    """The command line, built from the same sources."""
    given = os.environ.get("BAREME_COMMAND")
    if given is None:
        pytest.skip("BAREME_COMMAND does not say where the command line is")
    return given


def test_publication_bytes_are_those_of_the_command_line(tmp_path: Path, methodology: bareme.Methodology) -> None:
    theirs, ours, run_file = (tmp_path / name for name in ("theirs.json", "ours.json", "run.json"))
    options = ["--note", "synthetic", "--time", "2026-11-24T12:00:00Z"]
    arguments = ["publish", str(EXAMPLE), "-m", METHODOLOGY, *options, "-o"]
    subprocess.run([command(), *arguments, str(theirs)], check=True)
    publication = methodology.score(EXAMPLE).publication(notes=["synthetic"], time="2026-11-24T12:00:00Z")
    publication.save(ours)
    run(*arguments, str(run_file))
    assert theirs.read_bytes() == ours.read_bytes() == run_file.read_bytes()


def test_scores_of_the_command_line_are_the_same(tmp_path: Path, methodology: bareme.Methodology) -> None:
    theirs = tmp_path / "theirs.json"
    subprocess.run(
        [command(), "score", str(EXAMPLE), "-m", METHODOLOGY, "--format", "json", "-o", str(theirs)],
        check=True,
    )
    assert json.loads(theirs.read_bytes()) == methodology.score(EXAMPLE).document


def test_the_module_s_own_command_line(tmp_path: Path) -> None:
    assert METHODOLOGY in run("list")
    assert "reconstruction" in run("--lang", "fr", "list")
    rows = run("score", str(EXAMPLE), "-m", METHODOLOGY).splitlines()
    assert rows[0].startswith("territory,name,structure_type")
    assert "06083,Menton" in "\n".join(rows)
    assert json.loads(run("score", str(EXAMPLE), "-m", METHODOLOGY, "--format", "json"))["document"] == "scoring"
    ranking = run("score", str(EXAMPLE), "-m", METHODOLOGY, "--by", "most-followed", "--within", "cohort")
    assert ranking.splitlines()[1].startswith("1,")
    publication = tmp_path / "publication.json"
    run("publish", str(EXAMPLE), "-m", METHODOLOGY, "-o", str(publication))
    assert "verified" in run("verify", str(publication))
    text = publication.read_text(encoding="utf-8")
    altered = re.sub(r'("published":")(\d+)(")', r"\g<1>99.9\3", text, count=1)
    assert altered != text
    publication.write_text(altered, encoding="utf-8")
    assert "NOT verified" in run("verify", str(publication), check=1)
    assert "unknown_methodology" in run("score", str(EXAMPLE), "-m", "x@1", check=2)
    assert "nowhere" in run("score", "nowhere.csv", "-m", METHODOLOGY, check=2)


def test_documents_and_receipts(tmp_path: Path, methodology: bareme.Methodology) -> None:
    scoring = methodology.score(EXAMPLE)
    publication = scoring.publication(notes=["synthetic"])
    assert bareme.Publication.from_json(publication.to_json()).sha256 == publication.sha256
    assert set(publication.rows) == set(scoring.scores["territory"])
    receipt = publication.receipt("06083")
    assert bareme.verify(receipt).depth == 2
    assert receipt.document["document"] == "receipt"
    receipt.save(tmp_path / "receipt.json")
    assert bareme.verify(tmp_path / "receipt.json")
    assert scoring.receipt("06083").document["document"] == "receipt"
    closed = scoring.publication(inputs=False)
    assert bareme.verify(closed).depth == 1
    assert bareme.verify(closed, EXAMPLE).depth == 3
    assert bareme.verify(closed, scoring.cohort).depth == 3
    erratum = scoring.publication(supersedes=publication, reason="A correction.")
    assert erratum.sha256 != publication.sha256
    with pytest.raises(TypeError):
        scoring.publication(supersedes=publication)
    with pytest.raises(bareme.InputError) as wrong:
        scoring.publication(notes=["sound", ""], supersedes="no digest", reason="")
    assert sorted((fault.code, fault.pointer) for fault in wrong.value.faults) == [
        ("out_of_range", "/notes/1"),
        ("out_of_range", "/supersedes/reason"),
        ("out_of_range", "/supersedes/sha256"),
    ]
    altered = publication.document
    altered["rows"][0]["scores"] = None
    with pytest.raises(bareme.InputError):
        bareme.verify(altered)


def test_a_reference_scores_one_territory_to_the_same_bits(
    tmp_path: Path, methodology: bareme.Methodology, example: dict[str, list[Any]]
) -> None:
    scoring = methodology.score(example)
    reference = bareme.Reference.from_json(scoring.reference.to_json())
    assert reference.sha256 == scoring.reference.sha256
    assert reference.is_member("06083") and not reference.is_member("nobody")
    row = example["territory"].index("06083")
    alone = reference.score({name: [values[row]] for name, values in example.items()})
    assert dict(alone.territories[0]) == dict(scoring.territory("Menton"))
    assert alone.scores["performance.score"] == [scoring.territory("06083").score]
    assert alone.indicators["mark"] == [one["mark"] for one in scoring.territory("06083")["criteria"]]
    with pytest.raises(TypeError, match="alone"):
        alone.ranking()
    whole = reference.score(example)
    assert whole.document["territories"] == scoring.document["territories"]
    assert whole.scores == scoring.scores


def test_methodologies_that_pin_others(example: dict[str, list[Any]]) -> None:
    scoring = bareme.methodology("territoires@2026.11").score(example, ignore_unknown=True)
    part = scoring.parts["instagram@2026.11"]
    assert set(part.scores["methodology"]) == {"instagram"}
    assert "instagram" in set(scoring.indicators["methodology"])
    official = bareme.methodology("territoires@2026.11")
    assert bareme.Methodology.from_json(official.to_json(), others=official.pinned) == official


def test_every_schema_and_every_methodology() -> None:
    names = ["methodology", "cohort", "scoring", "reference", "publication", "receipt", "verification"]
    assert all(bareme.schema(name)["$schema"] for name in names)
    for methodology in bareme.catalogue():
        assert bareme.methodology(methodology.name) == methodology
        assert methodology.describe("fr") and methodology.describe()
        assert methodology.title("fr") and methodology.views
        assert methodology in {methodology}


def balanced(html: str) -> None:
    opened: list[str] = []
    for close, name in re.findall(r"<(/?)(\w+)", re.sub(r"<style>.*?</style>", "", html)):
        if name == "br":
            continue
        if not close:
            opened.append(name)
        else:
            assert opened.pop() == name
    assert not opened
    assert "<script" not in html and " on" not in re.sub(r">[^<]*<", "><", html)


def test_what_jupyter_shows(example: dict[str, list[Any]], methodology: bareme.Methodology) -> None:
    evil = dict(example)
    evil["name"] = ["<script>alert(1)</script>", *example["name"][1:]]
    scoring = methodology.score(evil)
    alone = scoring.reference.score({name: values[:1] for name, values in evil.items()})
    publication = scoring.publication()
    wrong = bareme.verify(re.sub(r'("published":")(\d+)(")', r"\g<1>99.9\3", publication.to_json(), count=1))
    shown = [
        *bareme.catalogue(),
        scoring,
        alone,
        scoring.territories[0],
        bareme.verify(publication),
        wrong,
        methodology.score(EXAMPLE).scores,
    ]
    for one in shown:
        html = one._repr_html_()
        balanced(html)
        assert len(html) < 40_000
    assert "reconstruction" in scoring._repr_html_()
    assert "invented" in scoring._repr_html_()
    assert "NOT verified" in wrong._repr_html_()


def test_plots(example: dict[str, list[Any]], methodology: bareme.Methodology) -> None:
    plot = pytest.importorskip("bareme.plot")
    scoring = methodology.score(example)
    variant = methodology.variant({"publication": {"decimals": 0}}).score(example)
    whole = bareme.methodology("territoires@2026.11").score(example, ignore_unknown=True)
    charts = [
        plot.distribution(scoring, "Menton"),
        plot.distribution(scoring),
        plot.distribution(scoring, by="most-followed"),
        plot.contributions(scoring, "06083"),
        plot.contributions(whole, "06083"),
        plot.movement(scoring, variant, within="cohort"),
        plot.movement(scoring, variant, territories=["06083"]),
    ]
    for chart in charts:
        document = chart.to_dict()
        assert "vega-lite" in document["$schema"]
        assert "synthetic" in json.dumps(document) or "invented" in json.dumps(document)


def test_the_examples_of_docstrings() -> None:
    pytest.importorskip("altair")
    import bareme.plot

    names = {"bareme": bareme, "cohort_json": json.dumps(as_document(two_towns()))}
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner(optionflags=flags)
    tried = 0
    for module in [value for name, value in sys.modules.items() if name.split(".")[0] == "bareme"]:
        for test in finder.find(module, extraglobs=names | {"frame": two_towns()}):
            tried += runner.run(test).attempted
    assert runner.failures == 0
    assert tried > 40


def test_the_readme_s_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", (PACKAGE / "README.md").read_text(encoding="utf-8"), re.S)
    assert blocks
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)```", text, re.S):
        exec(compile(block, "README.md", "exec"), {})


@pytest.mark.parametrize("notebook", sorted((PACKAGE / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore")
def test_notebooks(notebook: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient")
    book = nbformat.read(notebook, as_version=4)
    client.NotebookClient(book, timeout=120, resources={"metadata": {"path": str(ROOT)}}).execute()


@pytest.mark.parametrize(
    "tool",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", "--strict", "python", "tests"],
        ["mypy.stubtest", "bareme._bareme", "--mypy-config-file", "pyproject.toml"],
    ],
    ids=["lint", "format", "types", "stubs"],
)
def test_style_and_types(tool: list[str]) -> None:
    found = subprocess.run(
        [sys.executable, "-m", *tool],
        cwd=PACKAGE,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
