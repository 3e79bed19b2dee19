"""spec/field.md: strata, groups, eligibility."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from . import formula as fml
from .cohort import View
from .errors import Fault
from .methodology import DIMENSIONS, Json

# The values of a territory's dimensions, by dimension (byte by byte); empty for `cohort`.
Group = tuple[tuple[str, str], ...]


class Verdict(NamedTuple):
    """Why a territory, or an account of it, is not eligible."""

    rule: str
    reason: str  # `false`, `unknown` or `undefined`


def dimensions_of(within: str | list[str]) -> tuple[str, ...]:
    """The dimensions of a within, in the page's order; none for `cohort`."""
    named = [within] if isinstance(within, str) else within
    return tuple(name for name in DIMENSIONS if name in named)


class Field:
    """Who is compared with whom, for one methodology."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.methodology = view.methodology
        self.territories: list[Json] = view.cohort.territories
        self.stratum: list[str | None] = [self._stratum(t) for t in self.territories]
        on_territories: list[tuple[str, fml.Predicate]] = []
        on_accounts: list[tuple[str, fml.Predicate]] = []
        for rule, predicate in self.methodology.rules:
            about_accounts = self.methodology.reads_metrics(fml.predicate_variables(predicate))
            (on_accounts if about_accounts else on_territories).append((rule["id"], predicate))
        everyone = range(len(self.territories))
        self._verdicts: dict[tuple[int, str | None], Verdict | None] = {}
        for t in everyone:
            self._verdicts[t, None] = self._first_failed(on_territories, t, None)
        networks = {c.network for c in self.methodology.criteria if c.network is not None}
        for network in networks:
            for t in everyone:
                own = self._verdicts[t, None]
                self._verdicts[t, network] = own or self._first_failed(on_accounts, t, network)

    def _stratum(self, territory: Json) -> str | None:
        """The stratum of a territory, or None: outside (Stratum)."""
        strata = self.methodology.document["strata"]
        if "stratum" in territory:
            by_hand = territory["stratum"]["id"]
            return by_hand if any(s["id"] == by_hand for s in strata) else None
        population = territory.get("population")
        for stratum in strata:
            if territory["structure_type"] not in stratum["structure_types"]:
                continue
            if "population" not in stratum:
                return stratum["id"]
            ends = stratum["population"]
            if (
                population is not None
                and ends.get("from", population) <= population
                and ("below" not in ends or population < ends["below"])
            ):
                return stratum["id"]
        return None

    def not_found(self) -> list[Fault]:
        """`stratum_not_found`, where `outside_strata` is `refuse` (Errors)."""
        if self.methodology.document["outside_strata"] != "refuse":
            return []
        faults = []
        for i, territory in enumerate(self.territories):
            if self.stratum[i] is None:
                unknown = territory.get("population") is None
                member = "population" if unknown else "structure_type"
                faults.append(Fault("stratum_not_found", f"/territories/{i}/{member}"))
        return faults

    def number_of_territories(self, stratum: str) -> int:
        """Of a stratum: all of them."""
        return self.stratum.count(stratum)

    def dimension(self, t: int, name: str) -> str | None:
        """The value of a dimension for a territory; None when it is not known (Groups)."""
        if name == "stratum":
            return self.stratum[t]
        return self.territories[t].get(name) or None

    def group(self, t: int, within: str | list[str]) -> Group | None:
        """The group of a territory; None when it is unknown."""
        pairs = self.known_group(t, dimensions_of(within))
        return pairs if len(pairs) == len(dimensions_of(within)) else None

    def known_group(self, t: int, names: Iterable[str]) -> Group:
        """The values of the dimensions that are known of a territory."""
        pairs = ((name, self.dimension(t, name)) for name in sorted(names))
        return tuple((name, value) for name, value in pairs if value is not None)

    def groups(self, within: str | list[str]) -> list[Group]:
        """The groups that exist: some territory of the cohort is in them."""
        found = {self.group(t, within) for t in range(len(self.territories))}
        return sorted((g for g in found if g is not None), key=group_order)

    def _first_failed(
        self, rules: list[tuple[str, fml.Predicate]], t: int, network: str | None
    ) -> Verdict | None:
        """The first failed rule; None: eligible (Eligibility)."""
        environment = self.view.environment(t, network)
        if network is not None and self.view.account(t, network) is None:
            return None  # absent: every rule about accounts is satisfied
        for name, predicate in rules:
            value = fml.holds(predicate, environment)
            if value is not True:
                return Verdict(name, "false" if value is False else str(value))
        return None

    def verdict(self, t: int, network: str | None) -> Verdict | None:
        """The verdict on a territory's account, or on itself; None: eligible."""
        return self._verdicts.get((t, network), self._verdicts[t, None])

    def is_there(self, t: int, network: str | None) -> bool:
        """Whether the territory has an account on the network; on none, always."""
        return network is None or self.view.account(t, network) is not None

    def eligible_size(self, stratum: str, network: str | None) -> int:
        """The eligible size of a stratum for a network (Sizes)."""
        return sum(
            self.stratum[t] == stratum
            and self.is_there(t, network)
            and self.verdict(t, network) is None
            for t in range(len(self.territories))
        )


def group_order(group: Group) -> list[tuple[bytes, bytes]]:
    """Groups as the lists of their pairs, byte by byte (reference.md)."""
    return [(name.encode(), value.encode()) for name, value in group]
