"""The Fusion Score: the signed, dated, explainable bond of each consumer and brand.

A bond has two components, L→ (from the consumer to the brand) and L← (from the brand to the consumer).
Each is a sum over events, L(t) = Σ a_e · 2^{-(t - t_e)/h}, with the points a_e of
:mod:`influence_graph.analyses.fusion.points` and the half-life h of the event's touchpoint. The score is
F = L→ + L←, so that each event's term is its own explanation. The frame also gives the reciprocity
r = 2·min(L→⁺, L←⁺)/(L→⁺ + L←⁺) and the bounded display 100·tanh(F/S).

Spillover, over one step, also changes the bonds of the consumer with brands that it showed or named
together with the brand of the event: see :mod:`influence_graph.analyses.fusion.spillover`.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.fusion.spillover import direct, spilled
from influence_graph.analyses.interactions.ledger import EPOCH, Coded, Ledger, read_ledger
from influence_graph.analyses.interactions.meaning import unknown_kinds
from influence_graph.kernels.fusion import bonds as kernel
from influence_graph.model.frames import Frame
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.times import Time

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_SCALE = 10.0
NUMBERS = ("fusion_score", "to_brand", "to_consumer", "reciprocity", "display")


def fusion_scores(
    interactions: Frame,
    as_of: Time | None = None,
    policy: FusionPolicy | None = None,
    valid_at: Time | None = None,
) -> pd.DataFrame:
    """Return the Fusion Score of every bond that an event or a spillover reached.

    Args:
        interactions: Interaction records, in a frame of pandas, polars or Arrow, a dict of columns or a list of
            records (see :mod:`influence_graph.model.frames`); ``event_id, at, consumer, brand`` are needed, all
            other columns of the record are optional. ``with_brands`` is text such as ``a|b``, or lists.
            Dictionary-encoded ids are fastest.
        as_of: Only what had happened and was known by then counts, and points decay until then. A time with a zone,
            or a date, which is its start in UTC; also as ISO 8601 text. Default: the latest time in *interactions*.
        policy: Parameters; default ``FusionPolicy()``.
        valid_at: Hindsight: what had happened by then counts, with all that is known by *as_of*, and
            points decay until then. Default: *as_of*.

    Returns:
        Columns consumer, brand, fusion_score, to_brand, to_consumer (points), reciprocity (0 to 1, NaN where one
        direction is not on record) and display (-100 to 100), ordered by consumer and brand; ``attrs["as_of"]``
        and ``attrs["valid_at"]`` are the times used (None where there are no interactions), ``attrs["policy"]``
        the parameters, ``attrs["display_scale"]`` the points at which display reaches 76, and
        ``attrs["unknown_kinds"]`` the number of interactions by kind that the touchpoint table does not list,
        which count only what they declare.

    Raises:
        InputError: It is no frame, a column is missing, a value is out of its limits, or an event id has two payloads.

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
    valid, known = moment or (EPOCH, EPOCH)
    counting = ledger.as_known_at(known, valid)
    frame = scores_at(counting, policy, valid)
    frame.attrs["unknown_kinds"] = unknown_kinds(counting, policy.table)
    frame.attrs["as_of"], frame.attrs["valid_at"] = (None, None) if moment is None else (known, valid)
    frame.attrs["policy"] = policy.to_dict()
    return frame


def scores_at(ledger: Ledger, policy: FusionPolicy, as_of: datetime) -> pd.DataFrame:
    """Return the frame of :func:`fusion_scores` from a *ledger* of what was known at *as_of*."""
    consumer, brand, sums = bond_sums(ledger, policy, as_of)
    return frame_of(_names(ledger.consumer, consumer), _names(ledger.brand, brand), sums, policy)


def bond_sums(
    ledger: Ledger, policy: FusionPolicy, as_of: datetime
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Return code of consumer and brand, and the two sums of each bond, from a *ledger* of what was known."""
    points = points_of(ledger, policy, as_of)
    rows = direct(ledger, points, points.side).followed_by(spilled(ledger, points, policy, points.side)[0])
    consumer, brand, sums = kernel.sum_by_bond(rows, len(ledger.consumer.names), len(ledger.brand.names))
    return consumer, brand, sums


def frame_of(
    consumer: pd.Index | None, brand: pd.Index | None, sums: NDArray[np.float64], policy: FusionPolicy
) -> pd.DataFrame:
    """Return the frame of :func:`fusion_scores` from the two *sums* of each bond, with the ids that are given."""
    values = np.empty((len(NUMBERS), len(sums)))
    scale = scale_of(sums.sum(axis=1)) if policy.display_scale is None else policy.display_scale
    kernel.bond_terms(sums, scale, values)
    frame = pd.DataFrame(values.T, columns=list(NUMBERS), copy=False)
    frame.attrs["display_scale"] = scale
    for name, ids in (("brand", brand), ("consumer", consumer)):
        if ids is not None:
            frame.insert(0, name, ids)
    return frame


def scale_of(scores: NDArray[np.float64]) -> float:
    """Return the display scale S, in points, that suits *scores*: at least 10, with two digits.

    19 of 20 scores are between -S and S times 1.47, where 100·tanh(F/S) shows 90; at most 1 in 20 can show
    more than 99, which takes 2.65 S.
    """
    if not scores.size:
        return MIN_SCALE
    scale = max(float(np.quantile(np.abs(scores), 0.95, method="higher")) / math.atanh(0.9), MIN_SCALE)
    unit = 10.0 ** (math.floor(math.log10(scale)) - 1)
    return math.ceil(scale / unit) * unit


def _names(coded: Coded, codes: NDArray[np.int32]) -> pd.Index:
    return pd.Index(coded.names).take(codes)
