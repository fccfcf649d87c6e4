"""Which brands consumers show or name together, and how strongly that is still remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.fusion.spillover import links_of
from influence_graph.analyses.interactions.ledger import EPOCH, MICROS_PER_DAY, read_ledger, to_micros
from influence_graph.model.frames import Frame
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.times import Time

if TYPE_CHECKING:
    from datetime import datetime

    from influence_graph.analyses.interactions.ledger import Ledger


def co_associations(interactions: Frame, as_of: Time | None = None, policy: FusionPolicy | None = None) -> pd.DataFrame:
    """Return the brands that were shown or named together, over all consumers.

    The strength of a pair is Σ 2^{-(t - t_e)/h} over the events that name both, with the half-life h of links: what
    :mod:`influence_graph.analyses.fusion.spillover` divides spillover by, here summed over consumers.

    Args:
        interactions: Interaction records; ``with_brands`` names the other brands.
        as_of: Only what had happened and was known by then counts, and links fade until then. Default: the latest time.
        policy: Gives the half-life of links; default ``FusionPolicy()``.

    Returns:
        brand, other, strength (events, faded; > 0), events, consumers (counts), ordered by brand and other; each pair
        stands in both directions with the same numbers. ``attrs["as_of"]`` is the time used, None without interactions.

    Raises:
        InputError: A column is missing, a value is out of its limits, or an event id has two payloads.

    Example:
        >>> import pandas as pd
        >>> events = pd.DataFrame({"event_id": ["1"], "at": ["2026-05-01T20:00:00Z"], "consumer": ["singer"],
        ...                        "brand": ["sweater"], "with_brands": ["restaurant"]})
        >>> co_associations(events)[["brand", "other", "strength"]].values.tolist()
        [['restaurant', 'sweater', 1.0], ['sweater', 'restaurant', 1.0]]
    """
    policy = policy or FusionPolicy()
    ledger = read_ledger(interactions)
    moment = ledger.moment(as_of)
    known = EPOCH if moment is None else moment.known
    counting = ledger.as_known_at(known)
    frame = associations_of(counting, policy, known)
    frame.attrs["as_of"] = None if moment is None else known
    return frame


def associations_of(counting: Ledger, policy: FusionPolicy, time: datetime) -> pd.DataFrame:
    """Return the columns of :func:`co_associations` at *time*, from a ledger of what counts then."""
    key, other, at = links_of(counting)
    age = (to_micros(time) - at) / MICROS_PER_DAY
    names = counting.brand.names
    links = pd.DataFrame(
        {
            "brand": names[key & 0xFFFFFFFF],
            "other": names[other],
            "strength": np.exp2(-age / policy.link_half_life_days),
            "consumer": key >> 32,
        }
    )
    pairs = links.groupby(["brand", "other"], sort=True)
    frame = pairs.agg(strength=("strength", "sum"), events=("strength", "size"), consumers=("consumer", "nunique"))
    return frame.reset_index()
