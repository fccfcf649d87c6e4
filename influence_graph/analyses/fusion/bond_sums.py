"""Sums that belong to a consumer and a brand, as sorted columns that can be added to one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.kernels.fusion import bonds as kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BRAND = np.int64(0xFFFFFFFF)


@dataclass(frozen=True, eq=False)
class Sums:
    """Rows of values, each pair of ``key`` and ``other`` once, in ascending order.

    ``key`` is consumer · 2³² + brand; ``other`` is a second brand, 0 where there is none; ``value`` has
    the shape (rows, columns).
    """

    key: NDArray[np.int64]
    other: NDArray[np.int32]
    value: NDArray[np.float64]

    def __len__(self) -> int:
        return self.key.size

    @classmethod
    def empty(cls, columns: int) -> Sums:
        """Return no rows of *columns* values."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int32), np.empty((0, columns)))

    @property
    def consumer(self) -> NDArray[np.int64]:
        """The consumer of each row."""
        return self.key >> 32

    @property
    def brand(self) -> NDArray[np.int64]:
        """The brand of each row."""
        return self.key & _BRAND

    def plus(self, new: Sums, decay: NDArray[np.float64] | None = None, drop: NDArray[np.bool_] | None = None) -> Sums:
        """Return these rows and *new*, values of the same row added.

        Args:
            new: Rows of as many columns.
            decay: Factors of the columns of these rows; default 1.
            drop: For each consumer, whether to leave out these rows; default none.
        """
        columns = self.value.shape[1]
        decay = np.ones(columns) if decay is None else decay
        if drop is None:
            highest = max(self.consumer[-1:].max(initial=-1), new.consumer[-1:].max(initial=-1))
            drop = np.zeros(int(highest) + 1, np.bool_)
        room = len(self) + len(new)
        out = np.empty(room, np.int64), np.empty(room, np.int32), np.empty((room, columns))
        old = self.key, self.other, self.value
        done = kernel.merge_sums(old, (new.key, new.other, new.value), decay, drop, out)
        return Sums(out[0][:done], out[1][:done], out[2][:done])

    def scaled(self, factor: NDArray[np.float64]) -> Sums:
        """Return the rows with each column times its *factor*."""
        return Sums(self.key, self.other, self.value * factor)

    def of(self, consumers: NDArray[np.bool_]) -> Sums:
        """Return the rows of the chosen *consumers*, a flag for each."""
        keep = consumers[self.consumer]
        return Sums(self.key[keep], self.other[keep], self.value[keep])


def keys(consumer: NDArray[np.int32], brand: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the key of each consumer and brand."""
    return (consumer.astype(np.int64) << 32) | brand


def counted(key: NDArray[np.int64], other: NDArray[np.int32], weight: NDArray[np.float64]) -> Sums:
    """Return the sum of *weight* of each pair of *key* and *other*."""
    order = _order(key, other)
    key, other, weight = key[order], other[order], weight[order]
    new = np.ones(key.size, np.bool_)
    new[1:] = (key[1:] != key[:-1]) | (other[1:] != other[:-1])
    first = np.flatnonzero(new)
    total = np.add.reduceat(weight, first) if first.size else np.empty(0)
    return Sums(key[first], other[first], total[:, np.newaxis])


def _order(key: NDArray[np.int64], other: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the rows in ascending order; one number per row sorts several times faster than two."""
    if not key.size:
        return np.empty(0, np.int64)
    brands = int(max((key & _BRAND).max(), other.max())) + 1
    if (int(key.max() >> 32) + 1) * brands**2 < 2**63:
        return np.argsort(((key >> 32) * brands + (key & _BRAND)) * brands + other)
    return np.lexsort((other, key))
