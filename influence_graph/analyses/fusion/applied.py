"""What each interaction means and adds, one row per event: what a store shows beside its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.interactions.ledger import Ledger, read_ledger
from influence_graph.analyses.interactions.meaning import Meaning, meaning_of
from influence_graph.model.frames import Frame
from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from influence_graph.model.policy.policy import FusionPolicy

_SCHEMA = pa.schema(
    [
        ("event_id", pa.string()),
        ("direction", pa.string()),
        ("touchpoint", pa.string()),
        ("valence", pa.float64()),
        ("applied_points", pa.float64()),
        ("returned_points", pa.float64()),
    ]
)


def applied_points(interactions: Frame, as_of: datetime, policy: FusionPolicy) -> pa.Table:
    """Return direction, touchpoint, valence and points of every interaction, as the scores at *as_of* take them.

    Args:
        interactions: Interaction records, those that no longer count included.
        as_of: Only what had happened and was known by then counts.
        policy: Parameters of the scores.

    Returns:
        event_id, direction, touchpoint and valence (null where neither the record nor its kind tells), applied_points
        (points to that side on the day of the event, before decay; null where it does not count) and
        returned_points (to the other side; null where there are none).

    Raises:
        InputError: A column is missing, or a value is out of its limits.
    """
    ledger = read_ledger(interactions)
    counting = ledger.as_known_at(as_of)
    points = points_of(counting, policy, as_of)
    others = ledger.take(~pc.is_in(ledger.event_id, value_set=counting.event_id).to_numpy(zero_copy_only=False))
    none = np.zeros(len(others))
    return pa.concat_tables(
        [
            _rows(counting, points.meaning, pa.array(points.points, pa.float64()), points.returned),
            _rows(others, meaning_of(others, policy.table), pa.nulls(len(others), pa.float64()), none),
        ]
    )


def _rows(ledger: Ledger, meaning: Meaning, applied: pa.Array, returned: NDArray[np.float64]) -> pa.Table:
    stated = np.zeros(len(ledger), np.bool_) if ledger.touchpoint is None else ledger.touchpoint.codes >= 0
    touchpoint = pa.array(np.array(TOUCHPOINTS)[meaning.touchpoint], mask=~(meaning.known | stated))
    valence = pa.array(meaning.valence, mask=~meaning.known)
    direction, back = np.array(DIRECTIONS)[meaning.side], pa.array(returned, mask=returned == 0)
    columns = [ledger.event_id, direction, touchpoint, valence, applied, back]
    return pa.table(dict(zip(_SCHEMA.names, columns, strict=True))).cast(_SCHEMA)
