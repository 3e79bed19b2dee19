"""spec/scoring.md: scoring a cohort, and the document that says everything of it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from . import aggregate, normalise, numbers, rank, reference, roll_up
from . import documents as doc
from .aggregate import Value
from .cohort import Cohort, View, check_under
from .errors import stage
from .field import Field, dimensions_of
from .indicator import HAS_VALUE, drawn_in, oriented, raw_value
from .methodology import Criterion, Json, Methodology, pin_of, within_name
from .normalise import HAS_MARK, Mark


class Child(NamedTuple):
    """A child of an index for one territory: its value, its weight, its applied weight."""

    child: Json
    value: Value
    weight: Fraction
    applied: float | None


class Scored:
    """A cohort scored by one methodology (README.md, The order of steps).

    With a `known` reference, the cohort is one territory scored alone (reference.md): statistics,
    sizes and places are those of the reference.
    """

    def __init__(
        self,
        cohort: Cohort,
        methodology: Methodology,
        fields: dict[str, Field],
        done: dict[str, Scored],
        known: reference.Reference | None = None,
    ) -> None:
        self.cohort = cohort
        self.methodology = methodology
        self.known = known
        self.field = fields[methodology.document_sha256]
        self.everyone = range(len(cohort.territories))
        self.decimals = int(methodology.document["publication"]["decimals"])
        self.rounding = methodology.document["publication"]["rounding"]
        self.parts: dict[tuple[str, str, str], Scored] = {}
        for k, (pin, pinned) in enumerate(methodology.pinned.items()):
            if known is not None:
                self.parts[pin] = Scored(cohort, pinned, fields, {}, known.parts[k])
            else:
                if pinned.document_sha256 not in done:
                    done[pinned.document_sha256] = Scored(cohort, pinned, fields, done)
                self.parts[pin] = done[pinned.document_sha256]
        self.raws = {
            criterion: [raw_value(self.field, criterion, t) for t in self.everyone]
            for criterion in methodology.criteria
        }
        if known is None:
            self.references = {
                criterion: reference.of_criterion(self.field, criterion, self.raws[criterion])
                for criterion in methodology.criteria
            }
        else:
            self.references = known.criteria
        # Marks as they are after step 3, and after the rules (normalise.md, States of marks).
        self.unsettled: dict[Criterion, list[Mark]] = {}
        self.marks: dict[Criterion, list[Mark]] = {}
        for criterion in methodology.criteria:
            indicator = methodology.indicators[criterion.indicator]
            if "normalise" in indicator:
                marks = [self._unsettled(criterion, indicator, t) for t in self.everyone]
                self.unsettled[criterion] = marks
                self.marks[criterion] = [normalise.settle(indicator, mark) for mark in marks]
        self.index_order = list(children_first(methodology.document["index"], None))
        self.indices: list[dict[str, Value]] = [{} for _ in self.everyone]
        self.children: list[dict[str, list[Child]]] = [{} for _ in self.everyone]
        for t in self.everyone:
            for index, network in self.index_order:
                self._index(t, index, network)
        self.orders = {
            view["id"]: rank.orders_of_view(methodology, view["id"])
            for view in methodology.document["views"]
        }

    # Marks

    def _unsettled(self, criterion: Criterion, indicator: Json, t: int) -> Mark:
        """The mark of a territory after steps 1 to 3, imputing included."""
        raw = self.raws[criterion][t]
        kept = self.references[criterion]
        state = raw.state
        if state in HAS_VALUE and raw.value is not None:
            x = oriented(indicator, raw.value)
            if "winsorise" in indicator:
                x = drawn_in(x, reference.limits_of(self.field, indicator, kept, t))
        elif state == "unknown" and indicator["unknown"] == "impute_median":
            median = (kept.medians or {}).get(self.field.stratum[t] or "")
            if median is None:
                return Mark(state)
            state, x = "imputed", median
        else:
            return Mark(state)
        n = indicator["normalise"]
        statistics = None
        if "within" in n:
            group = self.field.group(t, n["within"])
            if group is None or group not in kept.groups:
                return Mark("unknown")
            statistics = kept.groups[group]
            number = self._number(t)
            if number is not None:
                statistics = statistics.without(number, None if state == "imputed" else x)
        return normalise.marked(indicator, state, x, statistics)

    def _number(self, t: int) -> int | None:
        """The number of a territory scored alone, if it is a member of the reference."""
        if self.known is None:
            return None
        return self.known.number_of(self.cohort.territories[t]["id"])

    # Indices

    def _index(self, t: int, index: Json, network: str | None) -> None:
        """One index for one territory, its children being done (aggregate.md)."""
        values = [(child, self._child(t, child, network)) for child in index["of"]]

        def weigh(child: Json) -> Fraction:
            territory = self.cohort.territories[t]
            return aggregate.weight_of(child["weight"], territory, self.field.stratum[t])

        result = aggregate.gate(self.field, t, index, network)
        if result is None:
            result = aggregate.combine(index, values, weigh)
        self.indices[t][index["id"]] = result
        weights = [weigh(child) for child, _ in values]
        applied = applied_weights(index, values, weights, result)
        self.children[t][index["id"]] = [
            Child(child, value, weight, shown)
            for (child, value), weight, shown in zip(values, weights, applied, strict=True)
        ]

    def _child(self, t: int, child: Json, network: str | None) -> Value:
        """The state and value of a child."""
        if "indicator" in child:
            return Value(*self.marks[self._criterion(child, network)][t])
        if "index" in child:
            return self.indices[t][child["index"]["id"]]
        return self.parts[pin_of(child["methodology"])].root(t)

    def _criterion(self, child: Json, network: str | None) -> Criterion:
        """The criterion that a child is, under the network in force."""
        reads = self.methodology.indicator_reads_metrics(child["indicator"])
        return Criterion(child["indicator"], network if reads else None)

    def root(self, t: int) -> Value:
        """The root: the score."""
        return self.indices[t][self.methodology.document["index"]["id"]]

    def score(self, t: int, index: str) -> float | None:
        """The score of an index, a binary64."""
        value = self.indices[t][index].value
        return None if value is None else numbers.rnd(value)

    def published(self, t: int, index: str) -> int | None:
        """The published score of an index, as its integer."""
        value = self.indices[t][index].value
        return None if value is None else numbers.published(value, self.decimals, self.rounding)

    # Ranks

    def compared(self, t: int, order: rank.Order) -> rank.Compared:
        """What an order compares of a territory (rank.md, Order)."""
        if order.criterion is not None:
            raw = self.raws[order.criterion][t]
            indicator = self.methodology.indicators[order.criterion.indicator]
            return None if raw.value is None else oriented(indicator, raw.value)
        assert order.index is not None
        if self.methodology.document["ranking"]["order_by"] == "published":
            u = self.published(t, order.index)
            return None if u is None else Fraction(u)
        score = self.score(t, order.index)
        return None if score is None else numbers.binary(score)

    def key_text(self, t: int, order: rank.Order) -> str:
        """The text of what an order compares (reference.md, Rankings)."""
        value = self.compared(t, order)
        if value is None:
            return ""
        if order.criterion is not None:
            return numbers.exact_text(value)
        if self.methodology.document["ranking"]["order_by"] == "published":
            return numbers.published_text(int(value), self.decimals)
        return numbers.text_of(numbers.rnd(value))

    def sort_key(self, t: int, view: str) -> tuple[Any, ...]:
        """A key by which the better sorts first."""
        orders = self.orders[view]
        return rank.sort_key(orders, [self.compared(t, order) for order in orders])

    def place(self, t: int, view: str, within: str | list[str]) -> tuple[int, int] | None:
        """Place and number of ranked; None: unranked (rank.md, Places)."""
        own_order = self.orders[view][0]
        group = self.field.group(t, within)
        if group is None or self.compared(t, own_order) is None:
            return None
        if self.known is not None:
            return self._known_place(t, view, dict(group))
        ranked = [
            self.sort_key(other, view)
            for other in self.everyone
            if self.field.group(other, within) == group
            and self.compared(other, own_order) is not None
        ]
        ties = self.methodology.document["ranking"]["ties"]
        return rank.place(ties, self.sort_key(t, view), ranked), len(ranked)

    def _known_place(self, t: int, view: str, group: dict[str, str]) -> tuple[int, int]:
        """The place over the ranked values of the reference (One territory, 5)."""
        assert self.known is not None
        of_group = {
            member
            for member, seat in enumerate(self.known.seats)
            if all(self.known.groups[seat].get(name) == value for name, value in group.items())
        }
        keys: list[tuple[Any, ...]] = []
        of = 0
        for ranked in self.known.rankings[view]:
            having = of_group.intersection(ranked.members)
            of += len(having)
            keys += [ranked.key] * len(having - {self._number(t)})
        ties = self.methodology.document["ranking"]["ties"]
        return rank.place(ties, self.sort_key(t, view), keys), of

    def grade(self, t: int) -> str | None:
        """The grade of a territory, if it has one (rank.md, Grades)."""
        grades = self.methodology.document["publication"].get("grades")
        if grades is None:
            return None
        if grades["by"] == "threshold":
            u = self.published(t, self.methodology.document["index"]["id"])
            return None if u is None else rank.grade_by_threshold(grades["steps"], u, self.decimals)
        place = self.place(t, grades["view"], grades["within"])
        return None if place is None else rank.grade_by_rank(grades["steps"], *place)

    # The document

    def document(self) -> Json:
        """The scoring document."""
        m = self.methodology
        result: Json = {
            "language": doc.LANGUAGE,
            "document": "scoring",
            "methodology": {
                "id": m.id,
                "version": m.version,
                "title": m.document["title"],
                "status": m.status,
                "method_sha256": m.method_sha256,
                "document_sha256": m.document_sha256,
            },
            "cohort": {"sha256": self.cohort.sha256()},
            "territories": [self.territory(t) for t in self.everyone],
        }
        if self.cohort.synthetic:
            result["cohort"]["synthetic"] = True
        if self.cohort.period is not None:
            result["cohort"] |= {end: self.cohort.period[end] for end in ("from", "to")}
        if m.document.get("roll_ups"):
            result["roll_ups"] = self.roll_ups()
        return result

    def roll_ups(self) -> Json:
        """The results of each roll-up, by id."""
        result = {}
        for entry in self.methodology.document.get("roll_ups", []):

            def score(t: int, index: str = entry["index"]) -> float | None:
                return self.score(t, index)

            result[entry["id"]] = roll_up.results(self.field, entry, score)
        return result

    def territory(self, t: int) -> Json:
        """A territory of the document (A territory)."""
        row = self.cohort.territories[t]
        m = self.methodology
        result: Json = {name: row[name] for name in ("id", "name", "structure_type")}
        result |= {
            "stratum": self.field.stratum[t],
            "status": m.status,
            "method_sha256": m.method_sha256,
            "indices": [self._index_document(t, index) for index, _ in self.index_order[::-1]],
            "criteria": [self._criterion_document(t, criterion) for criterion in m.criteria],
            "ranks": list(self._ranks(t)),
            "flags": list(self.flags(t)),
        }
        if self.cohort.synthetic or (self.known and self.known.document.get("synthetic", False)):
            result["synthetic"] = True
        grade = self.grade(t)
        if grade is not None:
            result["grade"] = grade
        if self.parts:
            result["parts"] = [
                {
                    "id": part.methodology.id,
                    "version": part.methodology.version,
                    "territory": part.territory(t),
                }
                for part in self.parts.values()
            ]
        return result

    def _index_document(self, t: int, index: Json) -> Json:
        u = self.published(t, index["id"])
        result: Json = {
            "id": index["id"],
            "score": self.score(t, index["id"]),
            "published": None if u is None else numbers.published_text(u, self.decimals),
            "state": self.indices[t][index["id"]].state,
            "weight": self.applied(t, index["id"]),
        }
        weights = [child.applied or 0.0 for child in self.children[t][index["id"]]]
        if any(weight > 0 for weight in weights):
            result["weights"] = weights
        return result

    def _criterion_document(self, t: int, criterion: Criterion) -> Json:
        raw = self.raws[criterion][t]
        mark = self.marks[criterion][t].value if criterion in self.marks else None
        result: Json = {
            "indicator": criterion.indicator,
            "raw": None if raw.value is None else numbers.rnd(raw.value),
            "state": raw.state,
            "mark": None if mark is None else numbers.rnd(mark),
            "weight": self.applied(t, criterion),
        }
        if criterion.network is not None:
            result["network"] = criterion.network
        return result

    def applied(self, t: int, what: str | Criterion | tuple[str, str, str]) -> float | None:
        """The applied weight of an index, a criterion or a pin, where it stands first."""
        for index, network in self.index_order:
            for entry in self.children[t][index["id"]]:
                if self._name(entry.child, network) == what:
                    return entry.applied
        return None

    def _name(self, child: Json, network: str | None) -> str | Criterion | tuple[str, str, str]:
        """What a child is, as a name."""
        if "indicator" in child:
            return self._criterion(child, network)
        return child["index"]["id"] if "index" in child else pin_of(child["methodology"])

    def _ranks(self, t: int) -> Iterator[Json]:
        for view in self.methodology.document["views"]:
            for within in self.methodology.document["ranking"]["within"]:
                place = self.place(t, view["id"], within)
                yield {
                    "view": view["id"],
                    "within": within_name(within),
                    "rank": None if place is None else place[0],
                    "of": None if place is None else place[1],
                }

    # Flags

    def flags(self, t: int) -> Iterator[Json]:
        """What there is to know of a territory, in the page's order (Flags)."""
        row = self.cohort.territories[t]
        stratum = self.field.stratum[t]
        if "stratum" in row:
            yield flag("stratum_override", row["stratum"]["id"], reason=row["stratum"]["reason"])
        if stratum is None:
            yield flag("outside_strata")
            yield from self._stranger_flag(t)
            return
        yield from self._network_flags(t)
        for criterion in self.methodology.criteria:
            code = self._criterion_flag(t, criterion)
            if code is not None:
                yield flag(code, criterion.indicator, criterion.network)
        yield from self._alone_flags(t)
        seen = set()
        for criterion in self.methodology.criteria:
            if criterion.network not in seen and self._stands_in(criterion, stratum):
                seen.add(criterion.network)
                yield flag("fallback", stratum, criterion.network)
        for index, _ in self.index_order:
            if self.indices[t][index["id"]].state == "insufficient":
                yield flag("insufficient", index["id"])
        if self.root(t).state == "refused":
            yield flag("refused")
        yield from self._stranger_flag(t)

    def _stranger_flag(self, t: int) -> Iterator[Json]:
        """`stranger`."""
        if self.known is not None and self._number(t) is None:
            yield flag("stranger")

    def _alone_flags(self, t: int) -> Iterator[Json]:
        """`alone`: the statistics that are read are taken over one member."""
        seen = set()
        for criterion in self.methodology.criteria:
            normalise_ = self.methodology.indicators[criterion.indicator].get("normalise", {})
            if "within" not in normalise_ or self.raws[criterion][t].state not in HAS_VALUE:
                continue
            within = normalise_["within"]
            group = self.field.group(t, within)
            statistics = None if group is None else self.references[criterion].groups.get(group)
            if statistics is None or statistics.size != 1:
                continue
            values = [self.field.dimension(t, name) or "" for name in dimensions_of(within)]
            subject = "+".join(values) or "cohort"
            if (subject, criterion.network) not in seen:
                seen.add((subject, criterion.network))
                yield flag("alone", subject, criterion.network)

    def _network_flags(self, t: int) -> Iterator[Json]:
        """`absent` and `ineligible`."""
        networks = {criterion.network for criterion in self.methodology.criteria}
        for network in sorted(networks, key=lambda n: b"" if n is None else n.encode()):
            if not self.field.is_there(t, network):
                yield flag("absent", network)
                continue
            verdict = self.field.verdict(t, network)
            if verdict is not None:
                rules = (rule for rule, _ in self.methodology.rules)
                text = next(rule["require"] for rule in rules if rule["id"] == verdict.rule)
                why = "" if verdict.reason == "false" else f" [{verdict.reason}]"
                yield flag("ineligible", verdict.rule, network, text + why)

    def _criterion_flag(self, t: int, criterion: Criterion) -> str | None:
        """The code of step 5, if any."""
        raw = self.raws[criterion][t].state
        mark = self.unsettled[criterion][t].state if criterion in self.marks else None
        if raw == "unknown":
            return "imputed" if mark == "imputed" else "unknown"
        if raw == "undefined" or (raw == "present" and mark == "undefined"):
            return "undefined"
        if raw == "raw_zero":
            return "raw_zero"
        if raw == "present" and mark == "unknown":
            return "group_unknown"
        return None

    def _stands_in(self, criterion: Criterion, stratum: str) -> bool:
        """Whether a larger group stands for a stratum."""
        indicator = self.methodology.indicators[criterion.indicator]
        if indicator.get("normalise", {}).get("within") != "stratum":
            return False
        statistics = self.references[criterion].groups.get((("stratum", stratum),))
        return statistics is not None and statistics.larger


def flag(
    code: str, subject: str | None = None, network: str | None = None, reason: str | None = None
) -> Json:
    """A flag; members without value are left out."""
    members = {"code": code, "subject": subject, "network": network, "reason": reason}
    return {name: value for name, value in members.items() if value is not None}


def children_first(index: Json, above: str | None) -> Iterator[tuple[Json, str | None]]:
    """The order of indices: each after all below it; with the network in force (Order)."""
    network = index.get("network", above)
    for child in index["of"]:
        if "index" in child:
            yield from children_first(child["index"], network)
    yield index, network


def applied_weights(
    index: Json,
    children: list[tuple[Json, Value]],
    weights: list[Fraction],
    result: Value,
) -> list[float | None]:
    """The applied weight of each child (Applied weights)."""
    if result.value is None:
        return [None] * len(children)
    taken = []
    for (child, value), weight in zip(children, weights, strict=True):
        counts = (
            value.state in HAS_MARK
            or (value.state == "absent" and "methodology" in child and child["absent"] == "zero")
            or index["missing"] == "zero"
        )
        taken.append(weight if counts else Fraction(0))
    total = Fraction(1) if index["aggregate"] == "sum" else sum(taken, Fraction(0))
    return [None if total == 0 else numbers.rnd(w / total) for w in taken]


def score(cohort: Cohort, methodology: Methodology) -> Scored:
    """Scores a cohort (errors.md, Stages: scoring)."""
    return Scored(cohort, methodology, fields_of(cohort, methodology), {})


def score_alone(cohort: Cohort, known: reference.Reference) -> Scored:
    """Scores one territory against a reference; the cohort is one of it alone."""
    fields = fields_of(cohort, known.methodology, alone=True)
    return Scored(cohort, known.methodology, fields, {}, known)


def fields_of(cohort: Cohort, methodology: Methodology, alone: bool = False) -> dict[str, Field]:
    """The field of the methodology and of all that it pins, after their checks."""
    views: dict[str, View] = check_under(cohort, methodology, alone)
    fields = {}
    for m in [*methodology.all_pinned(), methodology]:
        fields[m.document_sha256] = Field(views[m.document_sha256])
        stage(fields[m.document_sha256].not_found())
    return fields
