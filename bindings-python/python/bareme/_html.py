"""What Jupyter shows: compact, without scripts, readable on light and dark grounds and by screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._frames import Frame
    from ._methodology import Methodology
    from ._publication import Verification
    from ._scoring import Scoring, Territory

_ROWS = 10

# Colours are those of the page; borders take their transparency from the text's own colour.
_STYLE = (
    "<style>.bareme{font-size:.92em;line-height:1.4}.bareme table{border-collapse:collapse;margin:.4em 0}"
    ".bareme caption{text-align:left;font-weight:600;padding:.2em 0}"
    ".bareme th,.bareme td{padding:.15em .7em;text-align:left;"
    "border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}"
    ".bareme td.n,.bareme th.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".bareme .status{border:1px solid currentColor;border-radius:.3em;padding:0 .4em;font-size:.9em}"
    ".bareme code{font-size:.9em}</style>"
)


def _page(*parts: str) -> str:
    return f'{_STYLE}<div class="bareme">{"".join(parts)}</div>'


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


def _table(caption: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    rows = list(rows)
    right = [any(_number(row[place]) for row in rows) for place in range(len(names))]

    def cell(tag: str, place: int, text: str) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{scope}{' class=n' if right[place] else ''}>{escape(text)}</{tag}>"

    head = "".join(cell("th", place, name) for place, name in enumerate(names))
    body = "".join(
        f"<tr>{''.join(cell('td', place, _shown(value)) for place, value in enumerate(row))}</tr>" for row in rows
    )
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _masthead(methodology: Methodology, synthetic: bool = False) -> str:
    invented = " <strong>Numbers are invented.</strong>" if synthetic else ""
    return (
        f"<p><strong>{escape(methodology.title())}</strong><br><code>{escape(methodology.name)}</code> "
        f'<span class="status">{escape(methodology._native.status_text("en"))}</span> method '
        f'<code title="{methodology.method_sha256}">{methodology.method_sha256[:12]}</code>{invented}</p>'
    )


def frame_html(frame: Frame) -> str:
    """Show the first rows of a frame."""
    columns = [values[:_ROWS] for values in frame.to_dict().values()] if len(frame) else []
    caption = f"{len(frame):,} rows, {len(frame.columns)} columns" + (
        f"; the first {_ROWS}" if len(frame) > _ROWS else ""
    )
    return _page(_table(caption, frame.columns, zip(*columns, strict=True) if columns else []))


def methodology_html(methodology: Methodology) -> str:
    """Show a methodology: what it is, its criteria and their grounds."""
    document = methodology.document
    labels = {indicator["id"]: indicator for indicator in document["indicators"]}
    rows: list[list[Any]] = []

    def label(texts: dict[str, str]) -> str:
        return texts.get("en", texts["fr"])

    def weight(value: Any) -> Any:
        return value if _number(value) else "by table"

    def basis(child: dict[str, Any]) -> str:
        grounds = child.get("provenance", {}).get("weight", {})
        return str(grounds.get("basis", ""))

    def visit(index: dict[str, Any], depth: int) -> None:
        for child in index["of"]:
            indent = "\u2003" * depth
            if "index" in child:
                name = label(child["index"]["label"])
                rows.append([indent + name, child["index"]["aggregate"], weight(child["weight"]), basis(child)])
                visit(child["index"], depth + 1)
            elif "methodology" in child:
                pin = child["methodology"]
                rows.append([f"{indent}{pin['id']}@{pin['version']}", "", weight(child["weight"]), basis(child)])
            else:
                indicator = labels[child["indicator"]]
                name = label(indicator["label"])
                rows.append([indent + name, indicator["formula"], weight(child["weight"]), basis(child)])

    visit(document["index"], 0)
    caption = f"{label(document['index']['label'])}: {document['index']['aggregate']} mean"
    return _page(_masthead(methodology), _table(caption, ["element", "formula", "weight", "basis of the weight"], rows))


def scoring_html(scoring: Scoring) -> str:
    """Show a scoring: what it is, and the head of its first ranking."""
    if scoring._alone is not None:
        territories = scoring.territories[:_ROWS]
        rows = [[one["id"], one["name"], one["stratum"], one.published] for one in territories]
        table = _table(f"{len(scoring):,} territories, each alone", ["territory", "name", "stratum", "score"], rows)
        return _page(_masthead(scoring.methodology, any(one.get("synthetic") for one in territories)), table)
    from ._frames import Frame

    native = scoring._whole("scoring")
    ranking = Frame(native.ranking(None, None))
    value = "published" if "published" in ranking.columns else "raw"
    names = ["stratum", "rank", "of", "territory", "name", value]
    columns = [ranking[name] for name in names]
    first = list(zip(*columns, strict=True))[:_ROWS]
    cohort = scoring.cohort
    without = len(scoring) - native.scored()
    unscored = f"; {without:,} without a score" if without else ""
    caption = f"{len(scoring):,} territories{unscored}; the first {len(first)} of {scoring.methodology.views[0]}"
    return _page(_masthead(scoring.methodology, cohort.synthetic), _table(caption, names, first))


def territory_html(territory: Territory) -> str:
    """Show one territory: its score, ranks and criteria."""
    found = territory
    ranks = [[rank["view"], rank["within"], rank["rank"], rank["of"]] for rank in found["ranks"]]
    criteria: list[list[Any]] = []

    def visit(one: Any) -> None:
        for each in one["criteria"]:
            value = each["raw"] if each["raw"] is not None else each["state"]
            criteria.append([each.get("network"), each["indicator"], value, each["mark"], each["weight"]])
        for part in one.get("parts", []):
            visit(part["territory"])

    visit(found)
    flags = "; ".join(
        flag["code"] + (f" ({flag['subject']})" if flag.get("subject") else "") for flag in found["flags"]
    )
    invented = " <strong>Numbers are invented.</strong>" if found.get("synthetic") else ""
    head = (
        f"<p><strong>{escape(found['name'])}</strong> ({escape(found['id'])}), {escape(found['structure_type'])}"
        f"{', ' + escape(found['stratum']) if found['stratum'] else ''}: "
        f"<strong>{escape(found.published or 'no score')}</strong> "
        f'<span class="status">{escape(found["status"])}</span> method '
        f'<code title="{found["method_sha256"]}">{found["method_sha256"][:12]}</code>{invented}</p>'
    )
    note = f"<p>{escape(flags)}</p>" if flags else ""
    return _page(
        head,
        note,
        _table("Ranks", ["view", "within", "rank", "of"], ranks),
        _table("Criteria", ["network", "indicator", "value", "mark", "weight above"], criteria),
    )


def verification_html(verification: Verification) -> str:
    """Show what a verification says."""
    report = verification.report
    depth = {1: "integrity only", 2: "recomputed from the reference", 3: "all recomputed"}[verification.depth]
    outcome = f"Verified ({depth})" if verification else f"NOT verified: {report['disagreement_count']} disagreements"
    name = f"{report['methodology']['id']}@{report['methodology']['version']}"
    head = (
        f"<p><strong>{escape(outcome)}</strong><br>{escape(report['of'])} <code>{report['sha256'][:12]}</code> of "
        f'<code>{escape(name)}</code> <span class="status">{escape(report["methodology"]["status"])}</span></p>'
    )
    checks = [[check["text"]["en"], check["outcome"], check["compared"]] for check in verification.checks]
    tables = [_table("Checks", ["check", "outcome", "compared"], checks)]
    if verification.disagreements:

        def shown(value: Any) -> str:
            return "–" if value is None else str(value["text"])

        rows = [
            [
                each.get("territory"),
                each["step"],
                each["pointer"],
                shown(each.get("expected")),
                shown(each.get("found")),
            ]
            for each in verification.disagreements[:_ROWS]
        ]
        tables.append(_table("Disagreements", ["territory", "step", "where", "expected", "found"], rows))
    return _page(head, *tables)
