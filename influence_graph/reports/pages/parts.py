"""The parts of a page, ready to be laid out."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """A plot, and what it shows in words: ``alt`` for those who cannot see it, ``note`` for all."""

    svg: str
    alt: str
    heading: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table of texts; the columns in ``numbers`` (by index) are set flush right."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    numbers: frozenset[int] = frozenset()
    folded: bool = True


@dataclass(frozen=True)
class Section:
    """One part of the page; ``columns`` puts its figures side by side, ``points`` are listed under the text."""

    anchor: str
    heading: str
    text: str = ""
    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    columns: bool = False
    points: list[str] = field(default_factory=list)
