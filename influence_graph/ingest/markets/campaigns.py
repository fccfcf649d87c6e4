"""Which campaigns there are: of which brand, where, when, and what they are to do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from influence_graph.ingest.markets.parameters import DAYS_PER_ROUND, MarketParameters
from influence_graph.ingest.town.random import Array, stream

KINDS = ("concert", "advert", "tasting", "discount")
SHAPES = ("even", "fading")
EVEN, FADING = range(len(SHAPES))
LONGEST_LAG, LONGEST = 7, 21
"""Days from a campaign to its effect at most, and of the effect itself at most."""
_SHORTEST = 3
_LONGEST_REPEATED_LAG, _LONGEST_REPEATED = 5, 8
_MOST_TREATED = 3
_LEAST_BEFORE = 60
_REPEATED_KINDS = 0, 1
_EARLIEST_OF_ROUND, _LATEST_OF_ROUND = 8, 36
_APART = -3, 9
_FOLLOWS = 1.0, 6.0


@dataclass(frozen=True)
class Campaigns:
    """Campaigns 0 to c-1, in order of their day.

    Attributes:
        brand: int (c,).
        treated: bool (c, s), in which segments each is.
        day: int (c,), days from the start to the campaign.
        kind: int (c,), index into :data:`KINDS`.
        lag: int (c,), days from the campaign to the first day of its effect, 0 to 7.
        length: int (c,), days of its effect, 3 to 21.
        shape: int (c,), index into :data:`SHAPES`.
        size: float (c,), mean rise of the sales on these days, as a share of what would have been sold; 0: it does
            nothing.
        follows: float (c,), the same of the follows of the brand.
        repeated: bool (c,), whether it is one of those that are repeated.
    """

    brand: Array
    treated: Array
    day: Array
    kind: Array
    lag: Array
    length: Array
    shape: Array
    size: Array
    follows: Array
    repeated: Array

    def __len__(self) -> int:
        return len(self.brand)

    @property
    def profile(self) -> Array:
        """The course of each effect from its first day on, shape (c, LONGEST): mean 1 on its days, then 0."""
        day, length = np.arange(LONGEST), self.length[:, None]
        fading = 2 * (length - day) / (length + 1)
        course: Array = np.where(day < length, np.where(self.shape[:, None] == FADING, fading, 1.0), 0.0)
        return course

    @property
    def overlapping(self) -> Array:
        """Which campaigns of one brand have days of effect and a segment in common, bool (c, c)."""
        first = self.day + self.lag
        last = first + self.length
        together: Array = (self.brand[:, None] == self.brand) & (self.treated @ self.treated.T)
        together &= (first[:, None] < last) & (first < last[:, None])
        together[np.diag_indices(len(self))] = False
        return together


def plan(parameters: MarketParameters) -> Campaigns:
    """Return the campaigns of *parameters*: single ones, and those that are repeated, in order of their day."""
    brands = stream(parameters.seed, "market brands of campaigns").permutation(parameters.brands)
    repeating, others = brands[: parameters.repeating], brands[parameters.repeating :]
    parts = _single(parameters, others if len(others) else repeating), _repeated(parameters, repeating)
    names = Campaigns.__dataclass_fields__
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    joined["size"] = parameters.strength * joined["size"]
    joined["follows"] = parameters.strength * joined["follows"]
    order = np.argsort(joined["day"], kind="stable")
    return Campaigns(**{name: values[order] for name, values in joined.items()})


def _single(parameters: MarketParameters, brands: Array) -> Campaigns:
    """Return campaigns of *brands* that stand alone, unless some meet by chance."""
    rng, count = stream(parameters.seed, "market campaigns"), parameters.campaigns
    acts = rng.permutation(np.arange(count) >= round(parameters.nothing * count))
    latest = parameters.days - LONGEST_LAG - LONGEST
    return Campaigns(
        brand=brands[rng.integers(0, len(brands), count)],
        treated=_treated(rng, parameters.segments, count),
        day=rng.integers(max(_LEAST_BEFORE, parameters.days // 3), latest + 1, count),
        kind=rng.integers(0, len(KINDS), count),
        lag=rng.integers(0, LONGEST_LAG + 1, count),
        length=rng.integers(_SHORTEST, LONGEST + 1, count),
        shape=rng.integers(0, len(SHAPES), count),
        size=acts * rng.uniform(parameters.smallest, parameters.largest, count),
        follows=acts * rng.uniform(*_FOLLOWS, count),
        repeated=np.zeros(count, bool),
    )


def _repeated(parameters: MarketParameters, brands: Array) -> Campaigns:
    """Return campaigns of two kinds of each brand, again and again within days of each other.

    Of each kind and brand all are alike; of every second brand those of the second kind do nothing.
    """
    rng = stream(parameters.seed, "market repeated campaigns")
    rounds, shape = parameters.rounds, (len(brands), len(_REPEATED_KINDS))
    low, high = _EARLIEST_OF_ROUND, _LATEST_OF_ROUND
    first = DAYS_PER_ROUND * np.arange(rounds) + rng.integers(low, high + 1, (len(brands), rounds))
    apart = rng.integers(*_APART, (len(brands), rounds))
    acts = np.ones(shape)
    acts[1::2, 1] = 0.0

    def each(values: Array) -> Array:
        """Return what holds of brand and kind for each campaign."""
        return np.repeat(np.broadcast_to(values, shape).ravel(), rounds)

    return Campaigns(
        brand=each(brands[:, None]),
        treated=np.repeat(_treated(rng, parameters.segments, len(brands)), rounds * len(_REPEATED_KINDS), axis=0),
        day=np.stack([first, first + apart], axis=1).ravel(),
        kind=each(np.array(_REPEATED_KINDS)),
        lag=each(rng.integers(0, _LONGEST_REPEATED_LAG + 1, shape)),
        length=each(rng.integers(_SHORTEST, _LONGEST_REPEATED + 1, shape)),
        shape=each(rng.integers(0, len(SHAPES), shape)),
        size=each(acts * rng.uniform(parameters.smallest, parameters.largest, shape)),
        follows=each(acts * rng.uniform(*_FOLLOWS, shape)),
        repeated=np.ones(len(brands) * len(_REPEATED_KINDS) * rounds, bool),
    )


def _treated(rng: np.random.Generator, segments: int, count: int) -> Array:
    """Return for each of *count* campaigns in which segments it is: one to three, and never all."""
    rank = rng.random((count, segments)).argsort(axis=1).argsort(axis=1)
    treated: Array = rank < rng.integers(1, min(_MOST_TREATED, segments - 1) + 1, count)[:, None]
    return treated
