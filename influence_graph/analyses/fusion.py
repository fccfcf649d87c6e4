"""The Fusion Score: the signed, dated, explainable bond of each consumer and brand.

A bond has two components, L→ (what the consumer gives the brand) and L← (what the brand gives the
consumer). Each is a sum over events, L(t) = Σ a_e · 2^{-(t - t_e)/h}, with the points a_e of
:mod:`influence_graph.analyses.points` and the half-life h of the event's touchpoint. The score is
F = L→ + L←, so that each event's term is its own explanation. Beside it stand the reciprocity
r = 2·min(L→⁺, L←⁺)/(L→⁺ + L←⁺) and the bounded display 100·tanh(F/S).

Spillover, one step deep: an event on (c, B) also moves (c, B') by a_e·ρ·β·π, where π is the share of B'
among the brands that c showed or named together with B up to the time of the event, β the blame of a
negative event (1 for a positive one) and ρ the policy's spillover.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.analyses.ledger import Coded, Ledger, read_ledger
from influence_graph.analyses.points import Points, points_of
from influence_graph.model.policy import FusionPolicy

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Rows(NamedTuple):
    """Signed amounts on bonds: direct or spilled over, still one row per event or share."""

    consumer: NDArray[np.int32]
    brand: NDArray[np.int32]
    side: NDArray[np.int8]
    amount: NDArray[np.float64]

    def followed_by(self, other: Rows) -> Rows:
        """Return these rows and then those of *other*."""
        return Rows(
            np.concatenate([self.consumer, other.consumer]),
            np.concatenate([self.brand, other.brand]),
            np.concatenate([self.side, other.side]),
            np.concatenate([self.amount, other.amount]),
        )


def fusion_scores(
    interactions: pd.DataFrame | pa.Table,
    as_of: datetime | str | None = None,
    policy: FusionPolicy | None = None,
    valid_at: datetime | str | None = None,
) -> pd.DataFrame:
    """Return the Fusion Score of every bond that an event or a spillover reached.

    Args:
        interactions: Interaction records; ``event_id, at, consumer, brand`` are needed, all other
            columns of the record are optional. Dictionary-encoded ids are fastest.
        as_of: Only what had happened and was known by then counts, and points fade until then.
            Default: the latest time in *interactions*.
        policy: Parameters; default ``FusionPolicy()``.
        valid_at: Hindsight: what had happened by then counts, with all that is known by *as_of*, and
            points fade until then. Default: *as_of*.

    Returns:
        Columns consumer, brand, fusion_score, to_brand, to_consumer (points), reciprocity (0 to 1) and
        display (-100 to 100), ordered by consumer and brand; ``attrs["as_of"]`` and ``attrs["valid_at"]``
        are the times used (None where there are no interactions), ``attrs["policy"]`` the parameters.

    Raises:
        InputError: A column is missing, a value is out of its limits, or an event id is repeated
            with another payload.

    Example:
        >>> import pandas as pd
        >>> events = pd.DataFrame({"event_id": ["1"], "at": ["2026-05-01T20:00:00Z"], "consumer": ["singer"],
        ...                        "brand": ["sweater"], "points": [3.0]})
        >>> fusion_scores(events)["fusion_score"].tolist()
        [3.0]
    """
    policy = policy or FusionPolicy()
    ledger = read_ledger(interactions)
    moment = ledger.moment(as_of, valid_at)
    valid, known = moment or (_EPOCH, _EPOCH)
    frame = scores_at(ledger.as_known_at(known, valid), policy, valid)
    frame.attrs["as_of"], frame.attrs["valid_at"] = (None, None) if moment is None else (known, valid)
    frame.attrs["policy"] = policy.to_dict()
    return frame


def scores_at(ledger: Ledger, policy: FusionPolicy, as_of: datetime) -> pd.DataFrame:
    """Return the frame of :func:`fusion_scores` from a *ledger* of what was known at *as_of*."""
    import pandas as pd

    from influence_graph.kernels import fusion as kernel

    points = points_of(ledger, policy, as_of)
    rows = Rows(ledger.consumer.codes, ledger.brand.codes, points.side, points.points * points.decay)
    spilled = spillover_rows(ledger, points, policy.spillover)
    if spilled.amount.size:
        rows = rows.followed_by(spilled)
    consumer, brand, sums = kernel.fold(*rows, len(ledger.consumer.names), len(ledger.brand.names))
    to_brand, to_consumer = np.ascontiguousarray(sums.T)
    score = to_brand + to_consumer
    return pd.DataFrame(
        {
            "consumer": _names(ledger.consumer, consumer),
            "brand": _names(ledger.brand, brand),
            "fusion_score": score,
            "to_brand": to_brand,
            "to_consumer": to_consumer,
            "reciprocity": reciprocity(to_brand, to_consumer),
            "display": display(score, policy.display_scale),
        },
        copy=False,
    )


def _names(coded: Coded, codes: NDArray[np.int32]) -> pd.Index:
    import pandas as pd

    return pd.Index(coded.names).take(codes)


def reciprocity(to_brand: NDArray[np.float64], to_consumer: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 2·min(L→⁺, L←⁺)/(L→⁺ + L←⁺), 0 where neither side gave; from 0 to 1."""
    gave, got = np.maximum(to_brand, 0.0), np.maximum(to_consumer, 0.0)
    top = np.maximum(gave, got)
    ratio = np.divide(np.minimum(gave, got), top, out=np.zeros_like(top), where=top > 0)
    return 2.0 * ratio / (1.0 + ratio)  # the same quotient, but the sum cannot overflow


def display(score: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Return the bounded display 100·tanh(F/S) of scores."""
    shown: NDArray[np.float64] = 100.0 * np.tanh(score / scale)
    return shown


class _Links(NamedTuple):
    """Brands linked by a consumer, in both orders: ``pair`` = (consumer, brand), ``other``, time."""

    pair: NDArray[np.int64]
    other: NDArray[np.int64]
    time: NDArray[np.int64]


def spillover_rows(ledger: Ledger, points: Points, spillover: float) -> Rows:
    """Return what spills over to each bond, one row per consumer, brand of origin, brand and side."""
    from influence_graph.kernels import fusion as kernel

    brands = len(ledger.brand.names)
    links = _links(ledger)
    if not links.pair.size or spillover == 0:
        empty = np.empty(0, np.int32)
        return Rows(empty, empty, empty.astype(np.int8), np.empty(0))
    pairs, link_pair = np.unique(links.pair, return_inverse=True)
    slots, link_slot = np.unique(link_pair * brands + links.other, return_inverse=True)
    slot_pair = slots // brands
    slot_start = np.searchsorted(slot_pair, np.arange(pairs.size + 1))
    order = np.lexsort((links.time, link_pair))
    sources = _sources(ledger, points, spillover, pairs)
    given, reached = kernel.spread(sources, (link_pair[order], links.time[order], link_slot[order]), slot_start)
    slot, side = np.nonzero(reached)
    consumer, brand = pairs[slot_pair[slot]] // brands, slots[slot] % brands
    return Rows(consumer.astype(np.int32), brand.astype(np.int32), side.astype(np.int8), given[slot, side])


def _links(ledger: Ledger) -> _Links:
    """Return each naming of another brand as a link in both directions."""
    none = np.empty(0, np.int64)
    if ledger.with_list is None:
        return _Links(none, none, none)
    event = np.flatnonzero(ledger.with_list >= 0)
    one_list = ledger.with_list[event]
    sizes = np.diff(ledger.lists.start)[one_list]
    row = np.repeat(event, sizes)
    within = np.arange(row.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    other = ledger.lists.items[np.repeat(ledger.lists.start[one_list], sizes) + within].astype(np.int64)
    row, other = row[other != ledger.brand.codes[row]], other[other != ledger.brand.codes[row]]
    brands = len(ledger.brand.names)
    consumer, brand = ledger.consumer.codes[row].astype(np.int64) * brands, ledger.brand.codes[row].astype(np.int64)
    both = np.concatenate([consumer + brand, consumer + other])
    return _Links(both, np.concatenate([other, brand]), np.tile(ledger.at[row], 2))


def _sources(
    ledger: Ledger, points: Points, spillover: float, pairs: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8], NDArray[np.float64]]:
    """Return the events on *pairs* that have something to spill, sorted by pair and time."""
    brands = len(ledger.brand.names)
    linked = np.zeros(len(ledger.consumer.names), dtype=np.bool_)
    linked[pairs // brands] = True
    event = np.flatnonzero(linked[ledger.consumer.codes])
    key = ledger.consumer.codes[event].astype(np.int64) * brands + ledger.brand.codes[event]
    place = np.minimum(np.searchsorted(pairs, key), pairs.size - 1)
    amount = (points.points * points.decay * points.gate * spillover)[event]
    keep = (pairs[place] == key) & (amount != 0)
    event, place, amount = event[keep], place[keep], amount[keep]
    order = np.lexsort((ledger.at[event], place))
    return place[order], ledger.at[event][order], points.side[event][order], amount[order]
