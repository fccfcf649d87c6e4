"""Ingestion of record files and public data sets into a store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field, fields, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from influence_graph.app.door import Door, Given, Guarded, Privacy, digest_of_file, digest_of_texts, open_door
from influence_graph.app.prefetch import prefetch
from influence_graph.app.touchpoints import table_in
from influence_graph.ending import check
from influence_graph.errors import InfluenceGraphError, InputError, NotFound, TooManyRejects
from influence_graph.ingest.discreet import discreet, withheld
from influence_graph.ingest.faults import noted
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.rejects import REJECTS_BYTES, RejectWriter, described
from influence_graph.ingest.repeats import WEIGHTS_ADDED, Repeats
from influence_graph.ingest.source import open_source
from influence_graph.model.records import INTERACTIONS, KINDS, Batch, Reject
from influence_graph.stores.base import Appender, AppendReport, Store
from influence_graph.text import count_text, path_text

if TYPE_CHECKING:
    from influence_graph.ingest.importers import Importer, ImportOptions
    from influence_graph.ingest.source import Source

_REASONS = 1000  # reasons of rejects that are told apart
OnProgress = Callable[[str, int, int], None]
"""Called with the name of a file or kind, the bytes or records done, and their total (0: unknown)."""


@dataclass(frozen=True)
class IngestOptions(ReadOptions):
    """How files are read, and what happens to rejected rows.

    Attributes:
        max_rejects: Rejected rows with which ingestion still continues; None: any number.
        dry_run: Report what would happen, and write nothing.
        rejects: File to which rejected rows are written.
        rejects_size: Bytes that it may have; beyond that rejected rows are only counted.
        privacy: How people come in; with pseudonyms no value of a file stands in rejects, messages and errors.
    """

    max_rejects: int | None = None
    dry_run: bool = False
    rejects: Path = Path("rejects.jsonl")
    rejects_size: int = REJECTS_BYTES
    privacy: Privacy = field(default_factory=Privacy)


@dataclass
class FileReport:
    """The outcome for the records of one file: rows = inserted + updated + unchanged + rejected + forgotten.

    ``forgotten`` counts rows left out because they name somebody who was forgotten. Rows that the mapping leaves out
    are none of them: ``skipped`` counts them by reason. ``commonest`` is the reason of most rejects,
    ``values_left_out`` counts bad values without which their records were kept, ``unlisted`` those of both for which
    the file of rejects has no room, and ``notes`` say what was changed and what else there is to know.
    """

    file: str
    kind: str
    rows: int
    inserted: int
    updated: int
    unchanged: int
    conflicts: int
    rejected: int  # conflicts included
    placeholders: int
    unknown_kinds: dict[str, int] = field(default_factory=dict)
    ignored_columns: list[str] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    commonest: str = ""
    values_left_out: int = 0
    unlisted: int = 0
    notes: list[str] = field(default_factory=list)
    forgotten: int = 0


def ingest(
    store: Store, paths: Sequence[Path], options: IngestOptions, on_progress: OnProgress | None = None
) -> list[FileReport]:
    """Append the records of *paths* to *store*; rejected rows are written to ``options.rejects``.

    The headers of all files are checked before the first record is written.

    Raises:
        UnreadableFile: a file cannot be read as records.
        InputError: the file for rejects is one of *paths*, or an option is out of its limits.
        TooManyRejects: more than ``options.max_rejects`` rows are rejected.
    """
    discretion = withheld_errors() if options.privacy.pseudonymize else nullcontext()
    with discretion:
        return _ingest(store, paths, options, on_progress)


def _ingest(
    store: Store, paths: Sequence[Path], options: IngestOptions, on_progress: OnProgress | None
) -> list[FileReport]:
    sources = [open_source(path, options) for path in paths]
    refuse_overwriting(paths, options.rejects)
    door = open_door(store, options.privacy, dry_run=options.dry_run)
    states_currency = any(source.kind is INTERACTIONS and source.reads("currency") for source in sources)
    currency = _currency(store) if states_currency else None
    with (
        RejectWriter(None if options.dry_run else options.rejects, options.rejects_size) as writer,
        store.rehearsal() if options.dry_run else nullcontext(Guarded(store, door)) as target,
    ):
        on_reject = RejectLimit(writer, options)
        reports = []
        for path, source in zip(paths, sources, strict=True):
            source.currency = currency
            admitted = _Admitted(source, door, partial(digest_of_file, path), None if options.dry_run else store)
            reports.append(_ingest_one(target, admitted, on_reject, on_progress))
            currency = source.currency
    return _with_unknown_kinds(store, sources, reports)


@contextmanager
def withheld_errors() -> Iterator[None]:
    """Raise the errors of the ``with`` block without what they quote of a file."""
    try:
        yield
    except InfluenceGraphError as error:
        raise withheld(error) from None


@dataclass(frozen=True)
class _Admitted:
    """A file whose records pass the *door*, and the *store* that keeps which they are; *digest* is of its contents."""

    source: Source
    door: Door
    digest: Callable[[], str]
    store: Store | None

    def batches(self, on_reject: Callable[[Reject], None]) -> Iterator[Batch]:
        made = self.source.bound.rules.get("event_id")
        made_ids = made is not None and made.digest
        self.door.begin()
        yield from self.door.admitted(self.source.batches(on_reject), made_ids=made_ids)


def _currency(store: Store) -> str | None:
    """Return the currency of the values of *store*; None also where there is no store yet."""
    try:
        return store.currency()
    except NotFound:
        return None


def _with_unknown_kinds(store: Store, sources: Sequence[Source], reports: list[FileReport]) -> list[FileReport]:
    """Return *reports* with the kinds that the touchpoint table of *store* does not list."""
    if not any(source.kinds for source in sources):
        return reports
    table = table_in(store)
    return [replace(each, unknown_kinds=table.unknown(s.kinds)) for each, s in zip(reports, sources, strict=True)]


def refuse_overwriting(paths: Sequence[Path], rejects: Path) -> None:
    """Refuse to write rejects to one of the input files."""
    for path in paths:
        if rejects.resolve() == path.resolve() or (rejects.exists() and rejects.samefile(path)):
            raise InputError(
                f"{path} is an input file, and rejects would replace it", remedy="name another --rejects file"
            )


def refuse_without_record(reports: Sequence[FileReport]) -> None:
    """Refuse *reports* of which one is on a file that has rows and no good one: it was not meant like this.

    Raises:
        TooManyRejects: with the reason that most of its rows have.
    """
    for report in reports:
        if report.rows and report.rejected == report.rows:
            what = "its only row was" if report.rows == 1 else f"all {report.rows:,} rows were"
            raise TooManyRejects(
                f"{report.file}: {what} rejected: {report.commonest}",
                remedy=f"see `influence-graph inspect {report.file}`",
            )


class RejectLimit:
    """Writes rejects, counts rejected rows by reason and left-out values, and stops when too many are rejected."""

    def __init__(self, writer: RejectWriter, options: IngestOptions) -> None:
        self.count = 0
        self.values_left_out = 0
        self.options = options
        self._writer = writer
        self._reasons: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], Reject] = {}

    def begin(self) -> None:
        """Count the reasons of another file."""
        self._reasons.clear()
        self._first.clear()

    @property
    def commonest(self) -> str:
        """The commonest reason in this file: how often, and its first row; "" without any."""
        if not self._reasons:
            return ""
        ((key, count),) = self._reasons.most_common(1)
        first = self._first[key]
        value = f" {first.value!r}" if first.value else ""
        remedy = f"; {first.remedy}" if first.remedy else ""
        where = f"{first.column}{value} {first.reason}" if first.column else f"{value} {first.reason}".strip()
        return f"{where} (line {first.line}{'' if count == 1 else f', and {count - 1:,} more'}){remedy}"

    @property
    def unlisted(self) -> int:
        """Rejected rows and left-out values so far for which the file has no room."""
        return self._writer.unlisted

    def of_file(self, reject: Reject) -> None:
        """Take a *reject* of a file's reading, without its value where people have pseudonyms."""
        self(discreet(reject) if self.options.privacy.pseudonymize else reject)

    def __call__(self, reject: Reject) -> None:
        """Count and write *reject*.

        Raises:
            TooManyRejects: it is one more than ``max_rejects``.
        """
        check()  # a file of bad rows gives no batch between which the reading could end
        self._writer.write(reject)
        if reject.value_only:
            self.values_left_out += 1
            return
        self.count += 1
        key = (reject.column, reject.reason)
        if key in self._reasons or len(self._reasons) < _REASONS:
            self._reasons[key] += 1
            self._first.setdefault(key, reject)
        limit = self.options.max_rejects
        if limit is not None and self.count > limit:
            stored = "nothing was written" if self.options.dry_run else "records stored so far remain"
            last = f"the last is {described(reject)}"
            raise TooManyRejects(
                f"{count_text(self.count, 'row')} rejected, more than --max-rejects {limit} ({last}); {stored}",
                remedy="correct the rows and ingest the file again: records stored already are not stored twice",
            )


def _ingest_one(
    target: Appender, admitted: _Admitted, on_reject: RejectLimit, on_progress: OnProgress | None
) -> FileReport:
    source, door = admitted.source, admitted.door
    name = path_text(source.path)

    def batches() -> Iterator[Batch]:
        for batch in admitted.batches(on_reject.of_file):
            if on_progress:
                on_progress(name, source.bytes_read, source.size)
            yield batch

    rejected_before, left_out_before, unlisted_before = on_reject.count, on_reject.values_left_out, on_reject.unlisted
    on_reject.begin()
    with closing(prefetch(batches())) as ahead:
        given = Given(admitted.store, name, admitted.digest, ahead)
        report = target.append(source.kind, given)
    given.count([report])
    for conflict in report.conflicts:
        on_reject(conflict)
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
        on_reject.count - rejected_before,
        report.placeholders,
        ignored_columns=list(source.ignored_columns),
        skipped=dict(source.skipped),
        commonest=on_reject.commonest,
        values_left_out=on_reject.values_left_out - left_out_before,
        unlisted=on_reject.unlisted - unlisted_before,
        notes=[*_noted(source), *door.said],
        forgotten=door.forgotten,
    )


def _noted(source: Source) -> list[str]:
    """Return what there is to say about the file of *source*: layout, ties that repeat, changed values."""
    found = [line.removeprefix(f"{source.path}: ") for line in source.found]
    return [*found, *(_repeats_noted(source.repeats) if source.repeats else []), *noted(source.notes)]


def _repeats_noted(repeats: Repeats) -> list[str]:
    """Return what there is to say about ties that a file states more than once."""
    verb = "repeats" if repeats.rows == 1 else "repeat"
    return [f"{count_text(repeats.rows, 'row')} {verb} a tie: {WEIGHTS_ADDED}"] if repeats.rows else []


def import_dataset(
    store: Store,
    importer: Importer,
    path: Path | None,
    options: ImportOptions,
    on_progress: OnProgress | None = None,
    privacy: Privacy = Privacy(),  # noqa: B008 - frozen
) -> list[AppendReport]:
    """Append the records of a public or shipped data set; return one report per kind, in the order read.

    What there is to say of how people came in is told by ``options.note``.

    Raises:
        InputError: as :func:`open_door`.
    """
    name, digest = f"import {importer.name}", partial(_digest_of, importer, path, options)
    reports, said = append_source(store, name, digest, importer.read(path, options), privacy, on_progress)
    for line in said:
        options.note(line)
    return reports


def append_source(
    store: Store,
    name: str,
    digest: Callable[[], str],
    batches: Iterable[Batch],
    privacy: Privacy,
    on_progress: OnProgress | None = None,
) -> tuple[list[AppendReport], list[str]]:
    """Append the *batches* of one source, called *name*; return a report per kind, and what to say of people.

    Raises:
        InputError: as :func:`open_door`.
    """
    door = open_door(store, privacy)
    with (
        withheld_errors() if privacy.pseudonymize else nullcontext(),
        closing(prefetch(door.admitted(batches))) as ahead,
    ):
        given = Given(store, name, digest, ahead)
        reports = append_all(Guarded(store, door), given, on_progress)
    given.count(reports)
    return reports, door.said


def _digest_of(importer: Importer, path: Path | None, options: ImportOptions) -> str:
    """Return the digest of a data set: of its files, and of the options that decide what its records are."""
    chosen = [repr(getattr(options, each.name)) for each in fields(options) if each.name != "note"]
    files = [digest_of_file(file) for file in importer.files_of(path) if file.is_file()]
    return digest_of_texts(importer.name, *chosen, *files)


def require_same(store: Store, importer: Importer, path: Path | None, options: ImportOptions) -> None:
    """Refuse a store with records other than those of *importer*, since both would be mixed.

    Raises:
        InputError: the store is not empty, and importing would change it.
    """
    try:
        held = store.counts()
    except NotFound:  # no store yet
        return
    if not any(held.values()):
        return
    with store.rehearsal() as rehearsal:
        reports = append_all(rehearsal, importer.read(path, options))
    if any(report.inserted + report.updated for report in reports):
        raise InputError(
            f"the store {store.url} contains records other than those of {importer.name}, and both would be mixed",
            remedy="name another --store, or remove this one",
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
