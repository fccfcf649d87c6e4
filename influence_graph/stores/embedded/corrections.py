"""Which interactions of the open embedded file are replaced: imported where there are corrections, for its compiler."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from influence_graph.analyses.interactions.corrections import Corrections
from influence_graph.analyses.interactions.ledger import END_OF_TIME, to_micros


def replaced_and_ignored(corrections: pa.Table, as_of: datetime | None) -> tuple[pa.Array, pa.Array]:
    """Return the ids that records known at *as_of* replace, and those of corrections ignored as they close a circle.

    Args:
        corrections: event_id, known (µs since 1970), replaces and retracts of all records that replace another.
        as_of: None: all are known.
    """
    ids, known, named = (corrections[name].combine_chunks() for name in ("event_id", "known", "replaces"))
    retracts = corrections["retracts"].to_numpy()
    records = Corrections.of(ids, known.to_numpy(), named, retracts)
    stands, _ = records.standing(END_OF_TIME if as_of is None else to_micros(as_of))
    replacing, ignored = (pa.array(records.row[mask]) for mask in (stands & ~records.ignored, records.ignored))
    return named.take(replacing), ids.take(ignored)
