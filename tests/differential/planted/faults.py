"""The independent implementation with one rule broken: `faults.py NAME`.

The differential test must find each of these among its ordinary cases.
"""

from __future__ import annotations

import sys
from fractions import Fraction

from bareme_independent import (
    __main__,
    aggregate,
    field,
    methodology,
    normalise,
    numbers,
    rank,
    reference,
    scoring,
    verification,
)
from bareme_independent.errors import Fault

published, weight_of, find_place = numbers.published, aggregate.weight_of, rank.place
counted, quantile, settle = aggregate._counted, reference.quantile, normalise.settle
eligible_size, lists = field.Field.eligible_size, methodology._lists
alone_flags, without = scoring.Scored._alone_flags, reference.GroupStatistics.without


def half_up_is_half_even():
    numbers.published = lambda v, decimals, rounding: published(
        v, decimals, "half_even" if rounding == "half_up" else rounding
    )


def competition_is_dense():
    rank.place = lambda ties, own, others: find_place("dense", own, others)


def quantiles_are_nearest():
    def nearest(indicator, members, q):
        found = quantile(indicator, members, q)
        values = [member.value for member in members]
        return found if found is None else min(values, key=lambda v: (abs(v - found), v))

    reference.quantile = nearest


def bands_include_their_upper_end():
    def weight(table, territory, stratum):
        if isinstance(table, dict) and territory.get("population") is not None:
            for band in table.get("by_population", []):
                if band.get("below") == territory["population"]:
                    return band["weight"]
        return weight_of(table, territory, stratum)

    aggregate.weight_of = weight


def zeros_for_missing_are_there():
    aggregate._counted = lambda *given: (
        lambda found: found._replace(there=found.counts is not None)
    )(counted(*given))


def sizes_count_the_ineligible():
    def size(self, stratum, network):
        everyone = range(len(self.territories))
        return sum(self.stratum[t] == stratum and self.is_there(t, network) for t in everyone)

    field.Field.eligible_size = size


def marks_refused_are_left_out():
    def settled(indicator, mark):
        found = settle(indicator, mark)
        return normalise.Mark("undefined") if found.state == "refused" else found

    normalise.settle = settled


def duplicate_ids_point_at_the_item():
    def found(m):
        for fault in lists(m):
            where = (fault.pointer or "").removesuffix("/id")
            yield Fault(fault.code, where) if fault.code == "duplicate_id" else fault

    methodology._lists = found


def members_alone_keep_their_old_entry():
    reference.GroupStatistics.without = lambda self, member, x: self


def spreads_of_one_ulp():
    spread = numbers.spread
    numbers.spread = lambda values, ddof: (
        lambda x: None if x is None else float(numbers.shortest(x) * (1 + Fraction(1, 2**52)))
    )(spread(values, ddof))


def rows_need_not_lead_to_the_root():
    verification._Verification.check_root = lambda self: iter(())


FAULTS = {
    name: found
    for name, found in globals().items()
    if getattr(found, "__module__", "") == __name__
}

if __name__ == "__main__":
    FAULTS[sys.argv[1]]()
    sys.argv[1:] = ["--stdin-lines"]
    sys.exit(__main__.main())
