"""Random choices of the town: one independent stream per purpose, so that parts do not affect each other."""

from __future__ import annotations

from typing import Any, TypeAlias
from zlib import crc32

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


def stream(seed: int, purpose: str) -> np.random.Generator:
    """Return the generator for *purpose* under *seed*."""
    return np.random.default_rng([seed, crc32(purpose.encode())])


def zipf_weights(size: int, exponent: float = 1.0) -> Array:
    """Return probabilities proportional to rank^-exponent for ranks 1 to *size*."""
    weights = np.arange(1, size + 1, dtype=np.float64) ** -exponent
    shares: Array = weights / weights.sum()
    return shares


def weighted(rng: np.random.Generator, weights: Array, size: int) -> Array:
    """Return *size* indices drawn with *weights* (which sum to 1)."""
    cumulative = np.cumsum(weights)
    place: Array = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
    return place


def ranges(starts: Array, counts: Array) -> Array:
    """Return the concatenation of ``starts[i], starts[i]+1, … starts[i]+counts[i]-1``."""
    total = int(counts.sum())
    ends = np.cumsum(counts)
    places: Array = np.arange(total) + np.repeat(starts - (ends - counts), counts)
    return places
