"""A record file to validated batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.batching import joined
from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.detect import detect_kind, require_columns
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.readers.open import Reader, field_name, open_reader
from influence_graph.ingest.validate import Validator
from influence_graph.ingest.values.times import zone_named
from influence_graph.model.records import Batch, Field, RecordKind, Reject, record_kind

__all__ = ["ReadOptions", "Source", "open_source"]

OnReject = Callable[[Reject], None]


class Source:
    """A record file whose columns have been checked; it can be read repeatedly.

    Attributes:
        path: The file.
        kind: Kind of its records.
        size: Its bytes on disk.
        wanted: The fields to read, by column name.
        ignored_columns: Names of columns that are no field of ``kind``.
        rows: Records of the current reading so far, rejects included.
        kinds: How often each kind of interaction occurs in the good records of the current reading.
        currency: That of the values, of which others are rejected; None until one is stated.
    """

    def __init__(self, path: Path, reader: Reader, kind: RecordKind, options: ReadOptions) -> None:
        self.path = path
        self.kind = kind
        self.size = reader.size
        self.rows = 0
        self.kinds: Counter[str] = Counter()
        self.currency: str | None = None
        self._reader = reader
        self._options = options
        self._zone: ZoneInfo | None = None if options.timezone is None else zone_named(options.timezone)
        fields = {name: kind.by_name.get(field_name(name)) for name in reader.names}
        self.wanted = {name: field for name, field in fields.items() if field is not None}
        self.ignored_columns = tuple(name for name, field in fields.items() if field is None and name)
        reader.check(self.wanted)

    def reads(self, name: str) -> bool:
        """Return whether the file has the field *name*."""
        return any(field.name == name for field in self.wanted.values())

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
        yield from joined(self._validated(on_reject), self._options.batch_rows)

    def _validated(self, on_reject: OnReject) -> Iterator[Batch]:
        self.rows = 0
        validator = Validator(self.kind, str(self.path), self._zone, self._options.period, self.currency)
        self.kinds = validator.kinds
        for whole in self._chunks():
            for chunk in whole.slices(self._options.batch_rows):
                batch, rejects = validator.validate(chunk)
                self.currency = validator.currency
                self.rows += len(chunk.lines) + len(chunk.skipped)
                for reject in rejects:
                    on_reject(reject)
                yield batch

    def _chunks(self) -> Iterator[Chunk]:
        try:
            for chunk in self._reader.chunks(self.wanted):
                yield _by_field(chunk, self.wanted)
        except UnreadableFile as error:
            if not self.rows:
                raise
            raise UnreadableFile(
                f"{error.message} (after {self.rows:,} records, which were read)", remedy=error.remedy
            ) from error


def _by_field(chunk: Chunk, wanted: Mapping[str, Field]) -> Chunk:
    """Return *chunk* with columns and faults by field instead of by column."""
    columns = {wanted[name].name: column for name, column in chunk.columns.items()}
    faults = {wanted[name].name: of_column for name, of_column in chunk.faults.items()}
    return Chunk(columns, chunk.lines, faults, chunk.skipped)


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
    reader = open_reader(path, options)
    path = reader.path
    names = [field_name(name) for name in reader.names]
    kind = detect_kind(path, names) if options.kind is None else record_kind(options.kind)
    require_columns(path, kind, names)
    return Source(path, reader, kind, options)
