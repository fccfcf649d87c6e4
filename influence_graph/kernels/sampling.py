"""Sampling of places: with replacement by weight, and without replacement."""

from __future__ import annotations

import numpy as np
from numba import njit

from influence_graph.kernels.streams import GOLDEN_GAMMA, mix64, wraparound_njit

_ROUNDS = 4  # of the permutation
_ONE = np.uint64(1)


@njit(cache=True, nogil=True)
def alias_table(weights):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return keep and other of the alias table of *weights* ≥ 0 whose mean is 1.

    A uniform place is kept with probability ``keep``, else replaced by ``other``: places are then drawn in proportion
    to their weights (Walker 1974, https://doi.org/10.1049/el:19740097; built as by Vose 1991,
    https://doi.org/10.1109/32.92917).
    """
    size = weights.size
    keep, other = weights.copy(), np.arange(size).astype(np.int32)
    stack = np.empty(size, np.int32)  # places below the mean grow from the left, the others from the right
    small, large = 0, size
    for i in range(size):
        if weights[i] < 1.0:
            stack[small] = i
            small += 1
        else:
            large -= 1
            stack[large] = i
    while small > 0 and large < size:
        small -= 1
        i, j = stack[small], stack[large]
        other[i] = j
        keep[j] -= 1.0 - keep[i]
        if keep[j] < 1.0:
            large += 1
            stack[small] = j
            small += 1
    while small > 0:  # left over by rounding alone
        small -= 1
        keep[stack[small]] = 1.0
    return keep, other


@wraparound_njit
def permutation(seed, size):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return a random permutation of *size* places, as its size, its number of bits and its keys."""
    bits = np.uint64(1)
    while np.int64(_ONE << bits) < size:
        bits += _ONE
    keys = np.empty(2 * _ROUNDS, np.uint64)
    for k in range(keys.size):
        seed += GOLDEN_GAMMA
        keys[k] = mix64(seed) | _ONE
    return size, bits, keys


@wraparound_njit
def permuted(order, index):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the place at *index* of *order*, a :func:`permutation` that starts again after all its places.

    Each round is a bijection of the numbers of that many bits: multiply by an odd key, add another, and xor the high
    half into the low one. A number that is no place has the rounds applied again (cycle walking: Black, Rogaway
    2002, https://doi.org/10.1007/3-540-45760-7_9). A whole cycle holds each place once whatever the keys; they
    decide which places come first.
    """
    size, bits, keys = order
    mask, shift = (_ONE << bits) - _ONE, (bits + _ONE) >> _ONE
    if index >= size:
        index %= size
    place = np.uint64(index)
    while True:
        for k in range(_ROUNDS):
            place = (place * keys[2 * k] + keys[2 * k + 1]) & mask
            place ^= place >> shift
        if np.int64(place) < size:
            return np.int64(place)
