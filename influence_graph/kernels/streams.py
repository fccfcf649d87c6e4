"""Random streams addressed by (seed, index).

Each stream is SplitMix64 (Steele, Lea, Flood 2014, https://doi.org/10.1145/2714064.2660195) whose start and
odd increment are both hashed from (seed, index), so that any member of a collection can be drawn again alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import config, njit

GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio, odd: the default increment of SplitMix64."""
_MULTIPLIER_1, _MULTIPLIER_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11, _ONE = (np.uint64(s) for s in (30, 27, 31, 11, 1))
_UNIT = 2.0**-53


def wraparound_njit(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a kernel whose unsigned sums wrap around; without the compiler they wrap around without a warning."""
    if config.DISABLE_JIT:
        silent: Callable[..., Any] = np.errstate(over="ignore")(function)
        return silent
    compiled: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    return compiled


@wraparound_njit
def mix64(z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return SplitMix64's hash of an unsigned 64-bit integer, a bijection."""
    z = (z ^ (z >> _S30)) * _MULTIPLIER_1
    z = (z ^ (z >> _S27)) * _MULTIPLIER_2
    return z ^ (z >> _S31)


@wraparound_njit
def stream(seed, index):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return state and step (the odd increment) of the stream *index* of *seed*, both unsigned 64-bit."""
    state = mix64(mix64(seed + GOLDEN_GAMMA) + np.uint64(index) * GOLDEN_GAMMA)
    return state, mix64(state ^ GOLDEN_GAMMA) | _ONE


@wraparound_njit
def uniform(state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the number in [0, 1) of a state, a multiple of 2^-53."""
    return np.float64(mix64(state) >> _S11) * _UNIT
