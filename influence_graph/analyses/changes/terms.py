"""The terms that changed bonds, as a frame for readers: every event, and what decayed as one row per bond."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.analyses.changes.reasons import DECAYED, REASONS, ChangedTerms
from influence_graph.analyses.changes.state import SPILLOVER, TERMS, bond_codes
from influence_graph.analyses.interactions.ledger import Ledger
from influence_graph.model.records import DIRECTIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.policy.policy import FusionPolicy

_BOND = ["consumer", "brand"]
_COLUMNS = (
    *("consumer", "brand", "event_id", "at", "kind", "direction", "term", "via", "link_event", "relation"),
    *("before", "after", "change", "share", "reason", "by", "events"),
)


def terms_by_bond(whole: Ledger, changed: ChangedTerms, bonds: pd.DataFrame, policy: FusionPolicy) -> pd.DataFrame:
    """Return the terms that changed *bonds* (consumer, brand, change), in the order of these, the largest first."""
    place = _place_of(whole, changed, bonds)
    chosen = np.flatnonzero(place >= 0)
    decayed = chosen[changed.reason[chosen] == DECAYED]
    events = chosen[changed.reason[chosen] != DECAYED]
    rows = pd.concat([_events(whole, changed, events, policy), _decays(whole, changed, decayed)])
    _, first = np.unique(bond_codes(whole, changed.row[decayed], changed.brand[decayed]), return_index=True)
    rows["_place"] = np.concatenate([place[events], place[decayed[first]]])
    rows["change"] = rows["after"] - rows["before"]
    of_bond = bonds["change"].to_numpy()[rows["_place"].to_numpy(np.int64)]
    rows["share"] = np.divide(rows["change"], of_bond, out=np.full(len(rows), np.nan), where=of_bond != 0)
    rows["_size"] = -np.sign(of_bond) * rows["change"]
    rows = rows.sort_values(["_place", "_size", "at", "event_id"], ignore_index=True)
    return rows[list(_COLUMNS)]


def _place_of(whole: Ledger, changed: ChangedTerms, bonds: pd.DataFrame) -> NDArray[np.int64]:
    """Return for each changed term the place of its bond in *bonds*, -1 where it is not there."""
    codes = [
        pd.Index(coded.names).get_indexer(pd.Index(bonds[name], dtype=object))
        for name, coded in zip(_BOND, (whole.consumer, whole.brand), strict=True)
    ]
    known = (codes[0] >= 0) & (codes[1] >= 0)
    bond = np.where(known, codes[0].astype(np.int64) * len(whole.brand.names) + codes[1], -1 - np.arange(len(bonds)))
    codes_ = pd.Index(bond_codes(whole, changed.row, changed.brand))
    return pd.Index(bond).get_indexer(codes_).astype(np.int64)


def _events(whole: Ledger, changed: ChangedTerms, rows: NDArray[np.int64], policy: FusionPolicy) -> pd.DataFrame:
    row, brand, spilled = changed.row[rows], changed.brand[rows], changed.term[rows] == SPILLOVER
    brands = whole.brand.names
    via = np.where(spilled, brands[whole.brand.codes[row]], "")
    pairs = zip(via, brands[brand], strict=True)
    return pd.DataFrame(
        {
            "consumer": whole.consumer.names[whole.consumer.codes[row]],
            "brand": brands[brand],
            "event_id": ids_of(whole, row),
            "at": times_of(whole.at[row]),
            "kind": kinds_of(whole, row),
            "direction": np.array(DIRECTIONS, object)[changed.side[rows]],
            "term": np.array(TERMS, object)[changed.term[rows]],
            "via": via,
            "link_event": ids_of(whole, changed.link[rows]),
            "relation": [policy.relation(str(one), str(two)) if one else 1.0 for one, two in pairs],
            "before": changed.before[rows],
            "after": changed.after[rows],
            "reason": np.array(REASONS, object)[changed.reason[rows]],
            "by": ids_of(whole, changed.by[rows]),
            "events": 1,
        }
    )


def _decays(whole: Ledger, changed: ChangedTerms, rows: NDArray[np.int64]) -> pd.DataFrame:
    """Return one row per bond: the sum of what decayed, and of how many events."""
    bonds, bond = np.unique(bond_codes(whole, changed.row[rows], changed.brand[rows]), return_inverse=True)
    consumer, brand = np.divmod(bonds, max(len(whole.brand.names), 1))
    empty: dict[str, Any] = dict.fromkeys(("event_id", "kind", "direction", "term", "via", "link_event", "by"), "")
    return pd.DataFrame(
        {
            "consumer": whole.consumer.names[consumer],
            "brand": whole.brand.names[brand],
            **empty,
            "at": times_of(np.full(bonds.size, np.iinfo(np.int64).min)),
            "relation": 1.0,
            "before": np.bincount(bond, changed.before[rows], bonds.size),
            "after": np.bincount(bond, changed.after[rows], bonds.size),
            "reason": REASONS[DECAYED],
            "events": np.bincount(bond, minlength=bonds.size),
        }
    )


def times_of(micros: NDArray[np.int64]) -> pd.DatetimeIndex:
    """Return µs since 1970 as times in UTC, NaT for the lowest number."""
    return pd.DatetimeIndex(micros.astype("datetime64[us]")).tz_localize("UTC")


def ids_of(whole: Ledger, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return the event ids of *rows* of the ledger, "" for -1."""
    found = whole.event_id.take(pa.array(np.where(rows >= 0, rows, 0))) if len(whole) else pa.nulls(len(rows))
    ids = np.array(found.to_pylist(), object)
    return np.where(rows >= 0, ids, "")


def kinds_of(whole: Ledger, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return the kinds that *rows* state, "" where they state none."""
    if whole.kind is None:
        return np.full(rows.size, "", object)
    return np.append(whole.kind.names, "")[whole.kind.codes[rows]]
