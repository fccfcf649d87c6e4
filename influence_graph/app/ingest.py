"""Record files and public data sets into a store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from influence_graph.app.prefetch import prefetch
from influence_graph.errors import InputError, TooManyRejects
from influence_graph.ingest.rejects import RejectWriter
from influence_graph.ingest.rules import Period
from influence_graph.ingest.source import ReadOptions, open_source
from influence_graph.model.records import KINDS, Batch, RecordKind, Reject
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.base import Appender, AppendReport, Store

if TYPE_CHECKING:
    from influence_graph.ingest.importers import Importer, ImportOptions
    from influence_graph.ingest.source import Source

OnProgress = Callable[[str, int, int], None]
"""Called with the name of what is read, how much is done, and how much there is (0: unknown)."""


@dataclass(frozen=True)
class IngestOptions:
    """How files are read and what happens to bad rows.

    Attributes:
        kind: Record kind of all files; None detects it per file from the header.
        timezone: IANA zone of times that have none; None rejects such rows.
        table: What each kind of interaction means.
        max_rejects: Stop when more rows than this are rejected; None never stops.
        dry_run: Report what would happen and write nothing.
        rejects: File that takes the rejected rows.
        batch_rows: Most rows read and, in the embedded store, written at once.
        not_before: Interactions that happened or became known earlier are rejected.
        not_after: Interactions that happened or became known later are rejected.
    """

    kind: RecordKind | None = None
    timezone: str | None = None
    table: TouchpointTable = field(default_factory=TouchpointTable.load)
    max_rejects: int | None = None
    dry_run: bool = False
    rejects: Path = Path("rejects.jsonl")
    batch_rows: int = 250_000
    not_before: datetime | None = None
    not_after: datetime | None = None


@dataclass
class FileReport:
    """What happened to the records of one file: rows = inserted + updated + unchanged + rejected."""

    file: str
    kind: str
    rows: int
    inserted: int
    updated: int
    unchanged: int
    conflicts: int
    rejected: int  # with the conflicts
    placeholders: int
    unknown_kinds: dict[str, int] = field(default_factory=dict)
    ignored_columns: list[str] = field(default_factory=list)


def ingest(
    store: Store, paths: Sequence[Path], options: IngestOptions, on_progress: OnProgress | None = None
) -> list[FileReport]:
    """Append the records of *paths* to *store*; bad rows go to ``options.rejects``.

    All files are opened and their headers checked before the first record is written.

    Raises:
        UnreadableFile: a file cannot be read as records.
        InputError: the file for rejects is one of *paths*.
        TooManyRejects: more than ``options.max_rejects`` rows are bad; what is stored is said.
    """
    period = Period(options.not_before, options.not_after)
    read = ReadOptions(options.kind, options.timezone, options.batch_rows, options.table, period)
    sources = [open_source(path, read) for path in paths]
    _keep_apart(paths, options)
    with (
        RejectWriter(None if options.dry_run else options.rejects) as writer,
        store.rehearsal() if options.dry_run else nullcontext(store) as target,
    ):
        gate = _Gate(writer, options)
        return [_ingest_one(target, source, gate, on_progress) for source in sources]


def _keep_apart(paths: Sequence[Path], options: IngestOptions) -> None:
    """Refuse to write rejects over one of the files that are read."""
    for path in paths:
        if options.rejects.resolve() == path.resolve():
            raise InputError(f"{path} is read and cannot take the rejects too", remedy="name another --rejects file")


class _Gate:
    """Counts rejects, writes them, and stops the run when there are too many."""

    def __init__(self, writer: RejectWriter, options: IngestOptions) -> None:
        self.count = 0
        self.options = options
        self._writer = writer

    def __call__(self, reject: Reject) -> None:
        self.count += 1
        self._writer.write(reject)
        limit = self.options.max_rejects
        if limit is not None and self.count > limit:
            where = f" (first too many: {reject.file}, line {reject.line}: {reject.reason})"
            kept = "nothing was written" if self.options.dry_run else "rows stored so far stay stored"
            raise TooManyRejects(
                f"{self.count} rows rejected, more than --max-rejects {limit}{where}; {kept}",
                remedy="mend the rows and ingest the file again: what is stored will not be stored twice",
            )


def _ingest_one(target: Appender, source: Source, gate: _Gate, on_progress: OnProgress | None) -> FileReport:
    name = str(source.path)

    def batches() -> Iterator[Batch]:
        for batch in source.batches(gate):
            if on_progress:
                on_progress(name, source.bytes_read, source.size)
            yield batch

    rejected_before = gate.count
    report = target.append(source.kind, prefetch(batches()))
    for conflict in report.conflicts:
        gate(conflict)
    if on_progress:
        on_progress(name, source.size, source.size)
    return FileReport(
        name,
        source.kind.name,
        source.rows,
        report.inserted,
        report.updated,
        report.unchanged,
        len(report.conflicts),
        gate.count - rejected_before,
        report.placeholders,
        dict(source.unknown_kinds),
        list(source.ignored_columns),
    )


def import_dataset(
    store: Store, importer: Importer, path: Path | None, options: ImportOptions, on_progress: OnProgress | None = None
) -> list[AppendReport]:
    """Append the records of a known data set, one report per kind of record, in the order read."""
    return append_all(store, prefetch(importer.read(path, options)), on_progress)


def require_same(store: Store, importer: Importer, path: Path | None, options: ImportOptions) -> None:
    """Refuse a store that holds other records than those of *importer*: the two would be mixed for good.

    Raises:
        InputError: the store is not empty, and importing would change it.
    """
    if not any(store.counts().values()):
        return
    with store.rehearsal() as rehearsal:
        reports = append_all(rehearsal, importer.read(path, options))
    if any(report.inserted + report.updated for report in reports):
        raise InputError(
            f"the store {store.url} holds other records than this {importer.name}, and both would be mixed",
            remedy="give another --store, or remove that one",
        )


def append_all(store: Appender, batches: Iterable[Batch], on_progress: OnProgress | None = None) -> list[AppendReport]:
    """Append *batches* of any kinds to *store*; consecutive batches of one kind go in one call."""
    reports: dict[str, AppendReport] = {}
    for name, batches_of_kind in groupby(batches, key=lambda batch: batch.kind.name):
        done = 0

        def count(rows: int, name: str = name) -> None:
            nonlocal done
            done += rows
            if on_progress:
                on_progress(name, done, 0)

        report = store.append(KINDS[name], batches_of_kind, progress=count)
        reports.setdefault(name, AppendReport(name)).add(report)
    return list(reports.values())
