"""Names by a code that never changes, so that sums by code stay valid when new names arrive."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GROWTH = 8  # a part is at least so many times as long as the next one


@dataclass(frozen=True, eq=False)
class Names:
    """Different texts by code: new texts follow the old ones, in parts of falling length."""

    parts: tuple[pd.Index, ...] = ()

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    @classmethod
    def of(cls, texts: NDArray[np.object_]) -> Names:
        """Return the names *texts*, all different, whose codes are their positions."""
        return cls((pd.Index(texts, dtype=object),) if len(texts) else ())

    @cached_property
    def texts(self) -> NDArray[np.object_]:
        """All texts by code."""
        return np.concatenate([part.to_numpy() for part in self.parts]) if self.parts else np.empty(0, object)

    @cached_property
    def rank(self) -> NDArray[np.int64] | None:
        """The position of each text among all in ascending order; None where that is its code."""
        if len(self.parts) < 2 and (not self.parts or self.parts[0].is_monotonic_increasing):
            return None
        rank = np.empty(len(self), np.int64)
        rank[np.argsort(self.texts, kind="stable")] = np.arange(len(self))
        return rank

    def find(self, texts: NDArray[np.object_]) -> NDArray[np.int64]:
        """Return the code of each of *texts*, -1 where it has none."""
        wanted = pd.Index(texts, dtype=object)  # of the type of the parts: their hash tables serve it
        codes = np.full(len(texts), -1)
        start = 0
        for part in self.parts:
            position = part.get_indexer(wanted)
            codes = np.where(position >= 0, position + start, codes)
            start += len(part)
        return codes

    def with_texts(self, texts: NDArray[np.object_]) -> tuple[Names, NDArray[np.int32]]:
        """Return these names and those of *texts* that are new, and the code of each of *texts*."""
        code = self.find(texts)
        new = np.flatnonzero(code < 0)
        code[new] = len(self) + np.arange(new.size)
        if not new.size:
            return self, code.astype(np.int32)
        parts = [*self.parts, pd.Index(texts[new], dtype=object)]
        while len(parts) > 1 and len(parts[-2]) < _GROWTH * len(parts[-1]):
            parts[-2:] = [parts[-2].append(parts[-1])]
        parts[-1].get_indexer(parts[-1][:1])  # builds the hash table, which later states share
        return Names(tuple(parts)), code.astype(np.int32)
