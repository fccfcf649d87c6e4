"""Hashes of many texts at once, from the bytes that Arrow keeps them in."""

from __future__ import annotations

import numpy as np
from numba import njit

_PRIME = np.uint64(0x100000001B3)
_START = np.uint64(0xCBF29CE484222325)
_SHIFT = np.uint64(32)


@njit(cache=True, nogil=True)
def hashes(offsets, data):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return a 64-bit hash (FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/, mixed at the end) per text.

    Equal texts have equal hashes, so that n different hashes prove n different texts.

    Args:
        offsets: Text ``i`` is the bytes ``data[offsets[i]:offsets[i + 1]]``.
        data: uint8 bytes of all texts.
    """
    hashed = np.empty(offsets.size - 1, dtype=np.uint64)
    for i in range(hashed.size):
        state = _START
        for k in range(offsets[i], offsets[i + 1]):
            state = (state ^ np.uint64(data[k])) * _PRIME
        hashed[i] = state ^ (state >> _SHIFT)
    return hashed
