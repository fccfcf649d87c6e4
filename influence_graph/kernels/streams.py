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
_TURNS = 4  # of the random order of the roots


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


class Roots(NamedTuple):
    """Which nodes are roots: *nodes* (empty: all), by Walker's alias table, or dealt where *keep* is empty."""

    nodes: NDArray[np.int32]
    keep: NDArray[np.float64]
    other: NDArray[np.int32]


@njit(cache=True, nogil=True)
def alias(shares):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return keep and other of the alias table for *shares* whose mean is 1 (Vose 1991)."""
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


def roots_of(weights: NDArray[np.float64] | None) -> Roots:
    """Return the roots in proportion to weights ≥ 0, not all 0; None: all alike.

    Nodes of equal weight are dealt: each is a root once before any is for the second time, in a random order.
    That takes the chance of the roots out of every estimate. A product of (1 + h_v·(e^t - 1)) over nodes drawn
    without replacement is on average at most the same with replacement (Hoeffding 1963, theorem 4,
    https://doi.org/10.1080/01621459.1963.10500830), so Chernoff's bounds for independent sets hold.
    """
    none = np.empty(0, np.int32)
    if weights is None:
        return Roots(none, np.empty(0), none)
    nodes = np.flatnonzero(weights > 0).astype(np.int32)
    shares = weights[nodes] / weights[nodes].max()  # so that the sum of huge or tiny weights is in range
    if shares.min() == 1.0:
        return Roots(nodes, np.empty(0), none)
    return Roots(nodes, *alias(shares * (nodes.size / shares.sum())))


@wrapping
def dealing(seed, size):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return what :func:`dealt` needs to know of *seed* and of the number *size* of places: size, bits and keys."""
    bits = np.uint64(1)
    while np.int64(_ONE << bits) < size:
        bits += _ONE
    keys = np.empty(2 * _TURNS, np.uint64)
    for turn in range(keys.size):
        seed += _GOLDEN
        keys[turn] = scrambled(seed) | _ONE
    return size, bits, keys


@wrapping
def dealt(deal, index):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return where *index* goes in a random order of the places; after all of them the order starts again.

    Each turn is a bijection of the numbers of that many bits: times an odd key, plus another, and the high half added
    to the low one by xor. A place that there is not is turned on (cycle walking). Where the order is dealt to its
    end, any order gives the same collection of roots; the keys decide which come first when it is not.
    """
    size, bits, keys = deal
    mask, shift = (_ONE << bits) - _ONE, (bits + _ONE) >> _ONE
    if index >= size:
        index %= size
    place = np.uint64(index)
    while True:
        for turn in range(_TURNS):
            place = (place * keys[2 * turn] + keys[2 * turn + 1]) & mask
            place ^= place >> shift
        if np.int64(place) < size:
            return np.int64(place)


@wrapping
def root_of_each(nodes, keep, other, n, seed, which):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the root of each of the sets *which* of *seed*, in a graph of *n* nodes."""
    found = np.empty(which.size, np.int32)
    deal = dealing(seed, n if nodes.size == 0 else nodes.size)
    for i in range(which.size):
        if keep.size > 0:
            u = uniform(stream(seed, which[i])[0]) * nodes.size
            place = np.int64(u)
            found[i] = nodes[place] if u - place < keep[place] else nodes[other[place]]
        else:
            place = dealt(deal, which[i])
            found[i] = place if nodes.size == 0 else nodes[place]
    return found
