"""The first rows of a table, as texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """The first rows of a table.

    Attributes:
        names: Names of its columns as written.
        columns: The texts of each column in order of the rows; "" where there is none.
    """

    names: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return max((len(texts) for texts in self.columns.values()), default=0)

    def texts(self, column: str) -> list[str]:
        """Return the texts of *column* without the empty ones and without blanks around them."""
        return [text.strip() for text in self.columns[column] if text.strip()]

    def filled(self, column: str) -> float:
        """Return the share of rows that have a text in *column*."""
        return len(self.texts(column)) / self.rows if self.rows else 0.0
