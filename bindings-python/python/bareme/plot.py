"""Charts, with the extra ``bareme[plot]``.

On Altair: a chart is a document that says its data, reads on light and dark grounds, shows values on hover and
is kept in a notebook without a picture; and it takes this package's frames as they are. Every function gives an
``altair.Chart`` that can be changed further.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair

from ._frames import Frame
from ._scoring import Scoring

__all__ = ["contributions", "distribution", "movement"]

#: Altair embeds the data in the chart: more rows than this are for a picture of another kind.
_MOST = 5000


def _records(native: Any) -> list[dict[str, Any]]:
    return Frame(native).to_records()


def _data(rows: Sequence[dict[str, Any]]) -> altair.Data:
    # Names with a full stop mean nesting to Vega; those here have none.
    return altair.Data(values=list(rows))


def _title(scoring: Scoring, text: str) -> altair.TitleParams:
    methodology = scoring.methodology
    invented = ", numbers are invented" if scoring.cohort.synthetic else ""
    return altair.TitleParams(text, subtitle=f"{methodology.name} ({methodology.status}{invented})")


def distribution(
    scoring: Scoring, territory: str | None = None, *, by: str | None = None, stratum: str | None = None
) -> altair.LayerChart:
    """Show how the scores of a stratum are spread, and where one territory stands.

    ``territory``: an id or a name; its stratum is shown unless ``stratum`` says another. ``by``: a view of the
    methodology, the first one without it.

    >>> scoring = bareme.methodology("observatoire-instagram@2017.10").score(frame)
    >>> chart = bareme.plot.distribution(scoring, "Menton")
    >>> type(chart).__name__
    'LayerChart'
    """
    found = None if territory is None else scoring.territory(territory)
    wanted = stratum if stratum is not None or found is None else found["stratum"]
    rows = _records(scoring._whole("distribution").ranking(by, "stratum"))
    name = "score" if rows and "score" in rows[0] else "raw"
    kept = [
        {
            "value": row[name],
            "name": row["name"],
            "id": row["territory"],
            "rank": row["rank"],
            "of": row["of"],
        }
        for row in rows
        if row[name] is not None and (wanted is None or row["stratum"] == wanted)
    ]
    label = by or scoring.methodology.views[0]
    bars = (
        altair.Chart(_data(kept))
        .mark_bar()
        .encode(
            altair.X("value:Q", bin=altair.Bin(maxbins=30), title=label),
            altair.Y("count()", title="territories"),
            tooltip=["count()"],
        )
    )
    mine = [row for row in kept if found is not None and row["id"] == found["id"]]
    line = (
        altair.Chart(_data(mine or [{"value": None, "name": "", "id": "", "rank": None, "of": None}]))
        .mark_rule(size=3, color="#d95f02")
        .encode(altair.X("value:Q"), tooltip=["name:N", "value:Q", "rank:Q", "of:Q"])
    )
    who = f"{found['name']} in {wanted}" if found is not None else (wanted or "all strata")
    return (bars + line).properties(title=_title(scoring, who))


def contributions(scoring: Scoring, territory: str) -> altair.Chart:
    """Show a territory's marks and weights: the area of each bar is what the criterion brings to the index above.

    >>> scoring = bareme.methodology("observatoire-instagram@2017.10").score(frame)
    >>> type(bareme.plot.contributions(scoring, "Menton")).__name__
    'Chart'
    """
    found = scoring.territory(territory)
    rows: list[dict[str, Any]] = []

    def visit(one: Any) -> None:
        start = 0.0
        for each in one["criteria"]:
            if each["weight"] is None:
                continue
            label = each["indicator"] + (f" ({each['network']})" if each.get("network") else "")
            # Only where the bars stand is computed here, never a score.
            rows.append(
                {
                    "criterion": label,
                    "network": each.get("network") or "",
                    "raw": each["raw"],
                    "state": each["state"],
                    "mark": each["mark"] if each["mark"] is not None else 0.0,
                    "weight": each["weight"],
                    "from": start,
                    "to": start + each["weight"],
                }
            )
            start += each["weight"]
        for part in one.get("parts", []):
            visit(part["territory"])

    visit(found)
    chart = (
        altair.Chart(_data(rows))
        .mark_rect(stroke="currentColor", strokeOpacity=0.3)
        .encode(
            altair.X("from:Q", title="weight in the index above", scale=altair.Scale(domain=[0, 1])),
            altair.X2("to:Q"),
            altair.Y("zero:Q", title="mark"),
            altair.Y2("mark:Q"),
            altair.Color("criterion:N"),
            tooltip=["criterion:N", "raw:Q", "state:N", "mark:Q", "weight:Q"],
        )
        .transform_calculate(zero="0")
        .properties(title=_title(scoring, f"{found['name']}: {found.published or 'no score'}"))
    )
    networks = {row["network"] for row in rows}
    return chart.facet("network:N", columns=2) if len(networks) > 1 else chart


def movement(
    before: Scoring,
    after: Scoring,
    *,
    by: str | None = None,
    within: str | None = None,
    territories: Sequence[str] | None = None,
) -> altair.Chart:
    """Show how ranks move between two scorings, such as two months or a methodology and its variant.

    ``territories``: ids; without them, every one that is ranked in both, which is readable for some dozens. Raises
    ``ValueError`` for more than 5,000.

    >>> official = bareme.methodology("observatoire-instagram@2017.10")
    >>> variant = official.variant({"publication": {"decimals": 0}})
    >>> type(bareme.plot.movement(official.score(frame), variant.score(frame), within="cohort")).__name__
    'Chart'
    """
    wanted = None if territories is None else set(territories)
    rows: list[dict[str, Any]] = []
    names = ("before", "after")
    sides = [_records(side._whole("movement").ranking(by, within)) for side in (before, after)]
    ranked = [{row["territory"] for row in side if row["rank"] is not None} for side in sides]
    for name, side in zip(names, sides, strict=True):
        for row in side:
            id = row["territory"]
            if id in ranked[0] and id in ranked[1] and (wanted is None or id in wanted):
                rows.append({"side": name, "rank": row["rank"], "name": row["name"], "id": id})
    if len(rows) > 2 * _MOST:
        raise ValueError(f"{len(rows) // 2} territories: choose at most {_MOST} by their ids")
    return (
        altair.Chart(_data(rows))
        .mark_line(point=True, opacity=0.7)
        .encode(
            altair.X("side:O", sort=list(names), title=None),
            altair.Y("rank:Q", scale=altair.Scale(reverse=True, zero=False)),
            altair.Detail("id:N"),
            altair.Color("name:N", legend=None),
            tooltip=["name:N", "rank:Q", "side:O"],
        )
        .properties(title=_title(after, f"ranks by {by or after.methodology.views[0]}"))
    )
