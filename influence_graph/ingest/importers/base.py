"""What an importer is, and how its files are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.networks.network import NetworkOptions
from influence_graph.model.records import TIE_KINDS

if TYPE_CHECKING:
    from influence_graph.model.records import Batch


GENERATED_SIZES = ("segments", "brands", "days")
"""Sizes besides ``people`` and ``seed`` that options state, each of them of some of what is generated."""


def _ignore(_note: str) -> None:
    """Ignore a note."""


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """Options of an import; the defaults give the documented records.

    Args:
        prefix: put before every person and brand id, for several data sets in one store.
        at: the date of undated sets, or the start of sets dated in seconds since their start; with a zone.
        timezone: IANA name of the zone of times that state none; by default that of the data set.
        tie_kind: the kind of tie that an edge list becomes.
        people: size of the town, world or market that is generated, instead of that in its parameters.
        segments: segments of the market, in the same way.
        brands: brands of the town or market.
        days: days of the town, world or market.
        seed: seed of the town, world or market.
        truth: file to which the truth about it is written.
        header: whether the first line of an edge list holds names; None: what it says itself.
        size_line: whether the first line of an edge list is the size of the graph; None: as far as it is no edge.
        third: what the third column of an edge list without names is, ``weight`` or ``time``.
        weight: the column or edge attribute of a network that is the weight.
        note: called with one line for each thing that the caller should know.

    Raises:
        InputError: *at* has no zone or *tie_kind* is not one of the three kinds.
    """

    prefix: str = ""
    at: datetime | None = None
    timezone: str = ""
    tie_kind: str = "follows"
    people: int | None = None
    segments: int | None = None
    brands: int | None = None
    days: int | None = None
    seed: int | None = None
    truth: Path | None = None
    header: bool | None = None
    size_line: bool | None = None
    third: str | None = None
    weight: str = ""
    note: Callable[[str], None] = _ignore

    def __post_init__(self) -> None:
        if self.at is not None and self.at.tzinfo is None:
            raise InputError(f"the date {self.at.isoformat()} has no zone", remedy="add one, such as +00:00")
        if self.tie_kind not in TIE_KINDS:
            raise InputError(
                f"tie kind {self.tie_kind!r} is not one of {', '.join(TIE_KINDS)}", remedy="choose one of them"
            )

    @property
    def network(self) -> NetworkOptions:
        """What is stated about the file of a network."""
        return NetworkOptions(header=self.header, size_line=self.size_line, third=self.third, weight=self.weight)

    def date_or(self, year: int, month: int, day: int) -> datetime:
        """Return ``at``, or the start of the given day in UTC."""
        return (self.at or datetime(year, month, day, tzinfo=UTC)).astimezone(UTC)


@dataclass(frozen=True)
class Importer:
    """A data set that can be imported: its content, source, license and files.

    Args:
        name: its name, and that of its module in this package.
        about: what the records are, in one line.
        citation: the publication to cite.
        license: the terms under which it was published.
        files: names of its files; ("*",) for one file of any name, () where the data comes with this project.
        source: where the data set is published.
        has_truth: whether its truth is known, and can be written to a file.
    """

    name: str
    about: str
    citation: str
    license: str
    files: tuple[str, ...]
    source: str
    has_truth: bool = False

    def read(self, path: Path | None, options: ImportOptions) -> Iterator[Batch]:
        """Yield the records of the data set in *path*: its folder, or one of its files.

        Where the data comes with this project *path* may be None.

        Raises:
            UnreadableFile: a file is missing, or is not the published one.
            InputError: an option does not fit.
        """
        if options.truth is not None and not self.has_truth:
            raise InputError(
                f"no truth about {self.name} is known", remedy="leave --truth out, or import town, world or market"
            )
        given = [name for name in GENERATED_SIZES if getattr(options, name) is not None]
        if given and not self.has_truth:
            raise InputError(f"{self.name} has no {given[0]}", remedy=f"leave --{given[0]} out")
        reader: _Reader = import_module(f"influence_graph.ingest.importers.{self.name}").read
        return reader(self.files_of(path), options)

    def files_of(self, path: Path | None) -> list[Path]:
        """Return the files of the data set in *path*, or what stands for them where it comes with this project.

        Raises:
            UnreadableFile: one is missing.
        """
        if not self.files:
            return [] if path is None else [path]
        wanted = "a file" if self.files == ("*",) else f"the folder with {', '.join(self.files)}"
        remedy = f"give {wanted} ({self.source})"
        if path is None:
            raise UnreadableFile(f"{self.name} needs a path: its data is not part of this project", remedy=remedy)
        if not path.exists():
            raise UnreadableFile(f"{path} does not exist", remedy=remedy)
        if path.is_file() and len(self.files) == 1:
            return [path]
        if self.files == ("*",):
            raise UnreadableFile(f"{path} is a folder", remedy=remedy)
        folder = path.parent if path.name in self.files else path
        missing = [name for name in self.files if not (folder / name).is_file()]
        if missing:
            raise UnreadableFile(f"{path} does not contain {', '.join(missing)}", remedy=remedy)
        return [folder / name for name in self.files]


_Reader = Callable[[Sequence[Path], ImportOptions], "Iterator[Batch]"]
