"""A record file to validated batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.batching import joined
from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.detect import detect_kind, require_columns
from influence_graph.ingest.faults import Notes
from influence_graph.ingest.mapping.apply import Mapper
from influence_graph.ingest.mapping.bind import bind, identity, require_fields, with_decimal
from influence_graph.ingest.mapping.mapping import Mapping
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.presets.recognize import recognized, require_shape
from influence_graph.ingest.readers.open import Reader, open_reader
from influence_graph.ingest.repeats import Repeats, find_repeats
from influence_graph.ingest.validate import Validator
from influence_graph.model.records import TIES, Batch, RecordKind, Reject, record_kind
from influence_graph.model.times import zone_named
from influence_graph.text import path_text

__all__ = ["ReadOptions", "Source", "open_source"]

OnReject = Callable[[Reject], None]


class Source:
    """A record file whose columns have been checked; it can be read repeatedly.

    Attributes:
        path: The file.
        kind: Kind of its records.
        size: Its bytes on disk.
        bound: Which column each field is read from.
        ignored_columns: Names of columns that are no field of ``kind``; empty where a mapping says which are read.
        rows: Records of the current reading so far, rejects included, skipped ones not.
        skipped: How many rows the mapping left out in the current reading, by reason.
        repeats: The ties that the current reading found more than once.
        kinds: How often each kind of interaction occurs in the good records of the current reading.
        notes: Values that were changed, or kept though unusual, without a fault in the current reading, and how many.
        currency: That of the values, of which others are rejected; None until one is stated.
    """

    def __init__(self, path: Path, reader: Reader, kind: RecordKind, options: ReadOptions) -> None:
        self.path = path
        self.kind = kind
        self.size = reader.size
        self.rows = 0
        self.kinds: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.repeats: Repeats | None = None
        self.notes: Notes = Counter()
        self.currency: str | None = None
        self._reader = reader
        self._options = options
        mapping = mapping_of(path, kind, reader.names, options)
        zone = (mapping.timezone or None) if options.timezone is None else options.timezone
        self._zone: ZoneInfo | None = None if zone is None else zone_named(zone)
        self.bound = bind(mapping, kind, reader.names, path, self._zone)
        self.ignored_columns = () if options.mapping else self.bound.ignored
        reader.check(self.bound.wanted)

    @property
    def found(self) -> list[str]:
        """What the reader found out and should be said, a line each."""
        return self._reader.notes

    def reads(self, name: str) -> bool:
        """Return whether the file has the field *name*."""
        return name in self.bound.rules

    @property
    def bytes_read(self) -> int:
        """Bytes on disk that the current reading has consumed, at most ``size``."""
        return self._reader.position

    def batches(self, on_reject: OnReject) -> Iterator[Batch]:
        """Yield the valid records in the order of the file; call *on_reject* with each of the others.

        Memory depends on the size of a batch, not of the file. At the end ``rows`` is the number of
        accepted and rejected records together.

        Raises:
            UnreadableFile: the file is damaged; batches yielded before are valid.
        """
        batches = joined(self._validated(on_reject), self._options.batch_rows)
        if self.kind is not TIES:
            yield from batches
            return
        self.repeats = find_repeats(lambda: self._validated(_pass_over))
        for batch in batches:
            yield self.repeats.resolve(batch) if self.repeats else batch

    def first(self, rows: int, on_reject: OnReject) -> list[Batch]:
        """Return the valid records among the first *rows*, or a few more; repeated ties are not added up.

        Raises:
            UnreadableFile: the file is damaged there.
        """
        found = []
        for batch in self._validated(on_reject):
            found.append(batch)
            if self.rows >= rows:
                break
        return found

    def _validated(self, on_reject: OnReject) -> Iterator[Batch]:
        self.rows = 0
        mapper = Mapper(self.bound)
        validator = Validator(
            self.kind,
            path_text(self.path),
            self._zone,
            self._options.period,
            self.currency,
            self.bound.notations,
            self.bound.shown,
        )
        self.kinds, self.notes, self.skipped = validator.kinds, validator.notes, mapper.skipped
        for whole in self._chunks():
            for part in whole.slices(self._options.batch_rows):
                chunk = mapper.apply(part)
                batch, rejects = validator.validate(chunk)
                self.currency = validator.currency
                self.rows += len(chunk.lines) + len(chunk.skipped)
                for reject in rejects:
                    on_reject(reject)
                yield batch

    def _chunks(self) -> Iterator[Chunk]:
        try:
            yield from self._reader.chunks(self.bound.wanted)
        except UnreadableFile as error:
            if not self.rows:
                raise
            raise UnreadableFile(
                f"{error.message} (after {self.rows:,} records, which were read)", remedy=error.remedy
            ) from error


def _pass_over(reject: Reject) -> None:
    """Leave *reject* to the reading that follows."""


def open_source(path: Path, options: ReadOptions | None = None) -> Source:
    """Return the record file *path*, with its format detected from its content and its columns checked.

    Args:
        path: CSV with a header line, JSON Lines or Parquet, gzipped or not.
        options: How to read it; by default its kind is detected from the column names.

    Raises:
        UnreadableFile: the file cannot be read, is empty, or has the wrong columns.
        InputError: an option is out of its limits.
        NotFound: no kind of record has the name in *options*.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "ties.csv"
        >>> _ = file.write_text("source,target\\nann,june\\njune,june\\n")
        >>> source, rejects = open_source(file), []
        >>> [batch.table.num_rows for batch in source.batches(rejects.append)]
        [1]
        >>> rejects[0].line, rejects[0].reason
        (3, 'source and target are the same')
    """
    options = options or ReadOptions()
    if options.batch_rows < 1:
        raise InputError(f"batch_rows is {options.batch_rows}", remedy="use 1 or more")
    try:
        reader = open_reader(path, options)
    except UnreadableFile as error:
        known = [] if options.mapping else recognized(path, options)
        raise UnreadableFile(error.message, remedy=_use(known) if known else error.remedy) from error
    return Source(reader.path, reader, _kind(reader.path, reader.names, options), options)


def mapping_of(path: Path, kind: RecordKind, names: Sequence[str], options: ReadOptions) -> Mapping:
    """Return by which mapping the file *path*, with the columns *names*, becomes records of *kind*.

    Raises:
        UnreadableFile: the file lacks a column.
        InputError: a required field is not given, or the file is not one that the preset is for.
    """
    changes = options.changes.rules(names, str(path))
    mapping = options.mapping.among(names) if options.mapping else identity(kind, names)
    mapping = replace(mapping, fields={**mapping.fields, **changes})
    if options.mapping:
        require_shape(options.mapping, changes, names, path)
    if options.mapping or changes:
        require_fields(mapping, kind, names, path)
    return with_decimal(mapping, kind, options.decimal) if options.decimal else mapping


def _kind(path: Path, names: Sequence[str], options: ReadOptions) -> RecordKind:
    """Return the kind of the records: as stated, that of the mapping, or by the names of the columns."""
    stated = None if options.kind is None else record_kind(options.kind)
    if options.mapping:
        kind = record_kind(options.mapping.kind)
        if stated is not None and stated != kind:
            raise InputError(f"the mapping is of {kind.name}, not {stated.name}", remedy="leave out --as")
        return kind
    if stated is None:
        return _detected(path, names, options)
    if not options.changes:
        require_columns(path, stated, names)
    return stated


def _detected(path: Path, names: Sequence[str], options: ReadOptions) -> RecordKind:
    """Return the kind that the columns and the fields given one by one fit; where none does, say what to do."""
    try:
        return detect_kind(path, names, options.changes.fields)
    except UnreadableFile as error:
        known = [] if options.changes else recognized(path, options)
        if known:
            raise UnreadableFile(error.message, remedy=_use(known)) from error
        raise


def _use(known: Sequence[Mapping]) -> str:
    """Return the remedy for a file that is for the presets *known*, the likeliest first."""
    longest = [each.name for each in known if len(each.header) == len(known[0].header)]
    return f"it looks like {longest[0]}: use {' or '.join(f'--preset {name}' for name in longest)}"
