"""Random streams addressed by (seed, index), and drawing from a table of weights.

Each stream is SplitMix64 (Steele, Lea, Flood 2014, https://doi.org/10.1145/2714064.2660195) with a start and
an odd step of its own, both hashed from (seed, index): any member of a collection can be drawn again alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import config, njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11, _ONE = (np.uint64(s) for s in (30, 27, 31, 11, 1))
_UNIT = 2.0**-53


def wrapping(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a kernel whose unsigned sums wrap; where numba is switched off they wrap without a warning."""
    if config.DISABLE_JIT:
        quiet: Callable[..., Any] = np.errstate(over="ignore")(function)
        return quiet
    compiled: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    return compiled


@wrapping
def scrambled(z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return SplitMix64's hash of an unsigned 64-bit integer."""
    z = (z ^ (z >> _S30)) * _FIRST
    z = (z ^ (z >> _S27)) * _SECOND
    return z ^ (z >> _S31)


@wrapping
def stream(seed, index):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return state and step of the stream *index* of *seed*, both unsigned 64-bit."""
    state = scrambled(scrambled(seed + _GOLDEN) + np.uint64(index) * _GOLDEN)
    return state, scrambled(state ^ _GOLDEN) | _ONE


@wrapping
def uniform(state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the number in [0, 1) of a state, a multiple of 2^-53."""
    return np.float64(scrambled(state) >> _S11) * _UNIT


class Alias(NamedTuple):
    """Walker's alias table: draws ``nodes[i]`` in proportion to its weight; *nodes* is empty for all alike."""

    nodes: NDArray[np.int32]
    keep: NDArray[np.float64]
    other: NDArray[np.int32]


@njit(cache=True, nogil=True)
def _alias(shares):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return keep and other of the table for *shares* whose mean is 1 (Vose 1991)."""
    size = shares.size
    keep, other = shares.copy(), np.arange(size).astype(np.int32)
    stack = np.empty(size, np.int32)  # the short ones grow from the left, the long ones from the right
    short, long = 0, size
    for i in range(size):
        if shares[i] < 1.0:
            stack[short] = i
            short += 1
        else:
            long -= 1
            stack[long] = i
    while short > 0 and long < size:
        short -= 1
        i, j = stack[short], stack[long]
        other[i] = j
        keep[j] -= 1.0 - keep[i]
        if keep[j] < 1.0:
            long += 1
            stack[short] = j
            short += 1
    while short > 0:  # left over by rounding alone
        short -= 1
        keep[stack[short]] = 1.0
    return keep, other


def alias(weights: NDArray[np.float64] | None) -> Alias:
    """Return the table that draws each node in proportion to its weight ≥ 0; None: all alike."""
    if weights is None:
        return Alias(np.empty(0, np.int32), np.empty(0), np.empty(0, np.int32))
    nodes = np.flatnonzero(weights > 0).astype(np.int32)
    shares = weights[nodes] / weights[nodes].max()  # so that the sum of huge or tiny weights is in range
    return Alias(nodes, *_alias(shares * (nodes.size / shares.sum())))


@njit(cache=True, nogil=True)
def drawn(nodes, keep, other, n, u):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the node among *n* that the number *u* in [0, 1) stands for."""
    if nodes.size == 0:
        return np.int64(u * n)
    place = u * nodes.size
    i = np.int64(place)
    return np.int64(nodes[i] if place - i < keep[i] else nodes[other[i]])
