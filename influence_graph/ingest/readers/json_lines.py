"""JSON Lines: the names of the fields, and the records as Arrow columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.faults import BadValue, Fault, Faults
from influence_graph.ingest.readers.blocks import MAX_RECORD_BYTES, LineBlocks, piece_end
from influence_graph.ingest.readers.json_values import read_object
from influence_graph.ingest.readers.names import refuse_repeats
from influence_graph.ingest.readers.stream import ByteStream, check_regular, shown_path
from influence_graph.model.records import Field, FieldType

SAMPLE_LINES = 1000  # lines that are searched for field names
MAX_NAMES = 1000  # of fields within objects
MAX_BRACKETS = 500  # opening brackets in a line; with more, nesting may be deep and it takes the slow path
_PARSE_BLOCK = 2 << 20
_TYPES = {FieldType.NUMBER: pa.float64(), FieldType.INTEGER: pa.int64(), FieldType.TRUTH: pa.bool_()}


class JsonLinesFile:
    """A file of JSON objects, one per line; blank lines are skipped.

    Args:
        path: The file.
        encoding: As :class:`ByteStream` takes it.
        lines: The same records in a file of their own, where *path* is a document that holds them.

    Attributes:
        path: What messages call the file.
        names: Field names of the first ``SAMPLE_LINES`` lines, in order of appearance; those within objects and
            within lists of objects by their dotted names, such as ``geo.country`` and ``items.0.name``.
        notes: What else was found out.

    Raises:
        UnreadableFile: the file cannot be read.
    """

    def __init__(self, path: Path, encoding: str = "", lines: Path | None = None) -> None:
        self._file, self._encoding = lines or path, "" if lines else encoding
        self.path, self.size = shown_path(path), check_regular(path)
        self.position = 0
        self.notes: list[str] = []
        with ByteStream(self._file, self._encoding) as stream:
            sample = LineBlocks(stream, 1 << 20).next().split(b"\n")[:SAMPLE_LINES]
        self.names = list(dict.fromkeys(name for line in sample for name in _names(line)))[:MAX_NAMES]

    def check(self, wanted: Mapping[str, Field]) -> None:
        """Refuse fields *wanted* that are there in two cases; JSON types are checked value by value."""
        refuse_repeats(self.path, self.names, wanted)

    def holds(self, name: str, field: Field) -> bool:
        """Return whether the column *name* can hold *field*; types are checked value by value."""
        del name, field
        return True

    def chunks(self, wanted: Mapping[str, Field]) -> Iterator[Chunk]:
        """Yield the fields *wanted*, by key; absent ones are null.

        Raises:
            UnreadableFile: the file is damaged.
        """
        types = {name: field.type for name, field in wanted.items()}
        with ByteStream(self._file, self._encoding) as stream:
            blocks = LineBlocks(stream)
            while data := blocks.next():
                yield from _parse(data, blocks.line, types)
                blocks.consume(data, len(data))
                self.position = self.size * stream.position // max(1, stream.size)


def _names(line: bytes) -> Iterator[str]:
    try:
        record = json.loads(line)
        leaves = list(_leaves(record) if isinstance(record, dict) else ())
    except (ValueError, RecursionError):  # reported when the records are read
        return
    yield from filter(_is_text, leaves)


def _is_text(name: str) -> bool:
    """Return whether *name* can be that of a column: JSON can state half a character."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def _leaves(value: dict[str, Any], before: str = "") -> Iterator[str]:
    """Yield the dotted names of what is no object, and no list of objects, within *value*."""
    for key, member in value.items():
        inner = member
        if isinstance(member, list) and any(isinstance(each, dict | list) for each in member):
            inner = {str(number): each for number, each in enumerate(member)}
        if isinstance(inner, dict) and inner:
            yield from _leaves(inner, f"{before}{key}.")
        else:
            yield f"{before}{key}"


def _parse(data: bytes, line: int, types: Mapping[str, FieldType]) -> Iterator[Chunk]:
    lines = _flat_lines(data) if _is_utf8(data) and _plain_names(data, types) else None
    columns = None if lines is None else _columns(data, len(lines), types)
    if lines is not None and columns is not None:
        yield Chunk(columns, lines + line)
        return
    start = 0
    while start < len(data):  # in pieces: Python objects take far more memory than their text
        piece = data[start : piece_end(data, start)]
        yield _parse_line_by_line(piece, line, types)
        start += len(piece)
        line += piece.count(b"\n")


def _plain_names(data: bytes, names: Iterable[str]) -> bool:
    """Return whether dots in *names* stand for objects: not for places in a list, nor for dots in keys of *data*."""
    wanted = set(names)
    for parts in (name.split(".") for name in wanted if "." in name):
        ends = range(1, len(parts) + 1)
        if any(part.isdigit() for part in parts[1:]) or any(".".join(parts[:end]) in wanted for end in ends[:-1]):
            return False
        keys = (".".join(parts[start:end]) for end in ends for start in range(end - 1))
        if any(json.dumps(key, ensure_ascii=False).encode() in data for key in keys):
            return False
    return True


def _is_utf8(data: bytes) -> bool:
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def _flat_lines(data: bytes) -> npt.NDArray[np.int64] | None:
    """Return the 0-based numbers of the lines that are not empty, if each looks like one flat object.

    None: a line does not begin and end with a brace, is too long, or has many brackets.
    """
    octets = np.frombuffer(data, np.uint8)
    ends: npt.NDArray[np.int64] = np.flatnonzero(octets == ord("\n"))
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    full = ends > starts
    starts, ends, numbers = starts[full], ends[full], np.flatnonzero(full)
    if len(starts) == 0:
        return numbers
    if (octets[starts] != ord("{")).any() or (octets[ends - 1] != ord("}")).any():
        return None
    if int((ends - starts).max()) > MAX_RECORD_BYTES:
        return None
    return numbers if _few_brackets(data, octets, starts) else None


def _few_brackets(data: bytes, octets: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64]) -> bool:
    if data.count(b"{") + data.count(b"[") == len(starts):
        return True
    opening = np.flatnonzero((octets == ord("{")) | (octets == ord("[")))
    return bool(np.diff(np.searchsorted(opening, starts), append=len(opening)).max() <= MAX_BRACKETS)


def _columns(data: bytes, rows: int, types: Mapping[str, FieldType]) -> dict[str, pa.Array] | None:
    """Return the columns if every record has the JSON types of the first one, and no field twice."""
    if rows == 0:
        return {}
    first = data.lstrip(b"\n").partition(b"\n")[0]
    try:
        table = pj.read_json(
            pa.BufferReader(data),
            read_options=pj.ReadOptions(block_size=max(_PARSE_BLOCK, MAX_RECORD_BYTES)),
            parse_options=pj.ParseOptions(explicit_schema=_schema(first, types), unexpected_field_behavior="ignore"),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != rows:
        return None
    return {name: _within(table, name.split(".")) for name in types}


def _within(table: pa.Table, parts: list[str]) -> pa.Array:
    column = table.column(parts[0])
    return pa.concat_arrays((pc.struct_field(column, parts[1:]) if parts[1:] else column).chunks)


def _schema(first: bytes, types: Mapping[str, FieldType]) -> pa.Schema:
    """Return the Arrow types to expect: ids may be written as numbers, as in the *first* record."""
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        record = {}
    tree: dict[str, Any] = {}
    for name, kind in types.items():
        *above, last = name.split(".")
        written: Any = record
        for part in (*above, last):
            written = written.get(part) if isinstance(written, dict) else None
        whole = type(written) is int and kind in (FieldType.ID, FieldType.TEXT)
        inner = tree
        for part in above:
            inner = inner.setdefault(part, {})
        inner[last] = pa.int64() if whole else _TYPES.get(kind, pa.string())
    return pa.schema(_fields(tree))


def _fields(tree: Mapping[str, Any]) -> list[tuple[str, pa.DataType]]:
    return [(name, pa.struct(_fields(inner)) if isinstance(inner, dict) else inner) for name, inner in tree.items()]


def _parse_line_by_line(data: bytes, line: int, types: Mapping[str, FieldType]) -> Chunk:
    texts: dict[str, list[bytes | None]] = {name: [] for name in types}
    faults: dict[str, Faults] = {name: {} for name in types}
    lines: list[int] = []
    skipped: list[tuple[int, Fault]] = []
    for number, text in enumerate(data.split(b"\n"), start=line):
        if not text.strip():
            continue
        try:
            record, wrong = read_object(text, types)
        except BadValue as error:
            skipped.append((number, Fault.of(text, error.reason, error.remedy)))
            continue
        for name, fault in wrong.items():
            faults[name][len(lines)] = fault
        for name, column in texts.items():
            column.append(record.get(name) or None)
        lines.append(number)
    columns = {name: pa.array(column, pa.binary()) for name, column in texts.items()}
    return Chunk(columns, np.asarray(lines, dtype=np.int64), faults, skipped)
