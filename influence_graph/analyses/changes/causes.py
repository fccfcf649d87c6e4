"""Causes of the change of a brand: its events grouped by what they were and why they moved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.changes.reasons import DECAYED, REASONS, ChangedTerms
from influence_graph.analyses.changes.state import SPILLOVER, TERMS, bond_codes, merged
from influence_graph.analyses.changes.terms import ids_of
from influence_graph.analyses.interactions.ledger import Ledger

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NONE = -1  # code of no kind, no brand


def causes_by_brand(whole: Ledger, changed: ChangedTerms, brands: pd.DataFrame) -> pd.DataFrame:
    """Return why each of *brands* (brand, change) changed: see ``BondChanges.causes``."""
    groups, group = np.unique(_keys(whole, changed), return_inverse=True)
    brand, reason, kind, term, via = _taken_apart(whole, groups)
    change = changed.after - changed.before
    largest = _largest(group, np.abs(change), len(groups))
    row = changed.row[largest]
    kinds = np.append(np.empty(0, object) if whole.kind is None else whole.kind.names, "")
    frame = pd.DataFrame(
        {
            "brand": whole.brand.names[brand],
            "reason": np.array(REASONS, object)[reason],
            "kind": kinds[kind],
            "term": np.where(reason == DECAYED, "", np.array(TERMS, object)[term]),
            "via": np.append(whole.brand.names, "")[via],
            "events": _distinct(group, changed.row, len(groups)),
            "people": _distinct(group, whole.consumer.codes[changed.row], len(groups)),
            "change": np.bincount(group, change, len(groups)),
            "largest": ids_of(whole, row),
            "largest_consumer": whole.consumer.names[whole.consumer.codes[row]],
            "largest_change": change[largest],
        }
    )
    total = brands.set_index("brand")["change"]
    of_brand = frame["brand"].map(total).to_numpy(np.float64)
    frame.insert(8, "share", np.divide(frame["change"], of_brand, out=np.full(len(frame), np.nan), where=of_brand != 0))
    place = frame["brand"].map(pd.Series(range(len(brands)), index=brands["brand"]))
    frame = frame.assign(_place=place, _size=-np.where(of_brand < 0, -1, 1) * frame["change"])
    frame = frame.sort_values(["_place", "_size", "reason", "kind", "term", "via"], ignore_index=True)
    return frame.drop(columns=["_place", "_size"])


def events_by_bond(whole: Ledger, changed: ChangedTerms, bonds: pd.DataFrame) -> NDArray[np.int64]:
    """Return how many events moved each of *bonds* otherwise than by decay."""
    moved = changed.reason != DECAYED
    codes = bond_codes(whole, changed.row[moved], changed.brand[moved])
    pairs = merged(codes * max(len(whole), 1) + changed.row[moved]) // max(len(whole), 1)
    found, counts = np.unique(pairs, return_counts=True)
    consumer, brand = np.divmod(found, max(len(whole.brand.names), 1))
    index = pd.MultiIndex.from_arrays([whole.consumer.names[consumer], whole.brand.names[brand]])
    wanted = pd.MultiIndex.from_frame(bonds[["consumer", "brand"]])
    events: NDArray[np.int64] = pd.Series(counts, index=index).reindex(wanted, fill_value=0).to_numpy(np.int64)
    return events


def _sizes(whole: Ledger) -> tuple[int, ...]:
    """Return how many reasons, kinds, terms and brands of origin there are, with none."""
    kinds = 0 if whole.kind is None else len(whole.kind.names)
    return len(REASONS), kinds + 1, len(TERMS) + 1, len(whole.brand.names) + 1


def _keys(whole: Ledger, changed: ChangedTerms) -> NDArray[np.int64]:
    """Return one number for brand, reason, kind, term and brand of origin; what decayed is one group per brand."""
    decayed = changed.reason == DECAYED
    kind = np.full(changed.row.size, _NONE) if whole.kind is None else whole.kind.codes[changed.row]
    via = np.where(changed.term == SPILLOVER, whole.brand.codes[changed.row], _NONE)
    of_event = (np.where(decayed, _NONE, each) + 1 for each in (kind, changed.term, via))
    key: NDArray[np.int64] = changed.brand.astype(np.int64)
    for size, code in zip(_sizes(whole), (changed.reason, *of_event), strict=True):
        key = key * size + code
    return key


def _taken_apart(whole: Ledger, keys: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the codes of which *keys* were made, -1 for none."""
    codes: list[NDArray[np.int64]] = []
    for size in reversed(_sizes(whole)):
        keys, code = np.divmod(keys, size)
        codes.insert(0, code)
    reason, kind, term, via = codes
    return [keys, reason, kind - 1, term - 1, via - 1]


def _largest(group: NDArray[np.int64], size: NDArray[np.float64], groups: int) -> NDArray[np.int64]:
    """Return the place of the largest of each group."""
    order = np.lexsort((-size, group))
    first = np.searchsorted(group[order], np.arange(groups))
    largest: NDArray[np.int64] = order[first]
    return largest


def _distinct(group: NDArray[np.int64], values: NDArray[np.integer], groups: int) -> NDArray[np.int64]:
    """Return how many different *values* each group has."""
    width = int(values.max(initial=0)) + 1
    counts: NDArray[np.int64] = np.bincount(merged(group * width + values) // width, minlength=groups)
    return counts
