"""JSON Lines: the names of the fields, and the records as Arrow columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.json as pj

from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.faults import BadValue, Fault, Faults
from influence_graph.ingest.readers.blocks import MAX_RECORD_BYTES, LineBlocks, piece_end
from influence_graph.ingest.readers.json_values import read_object
from influence_graph.ingest.readers.stream import ByteStream
from influence_graph.model.records import Field, FieldType

SAMPLE_LINES = 1000  # lines that are searched for field names
MAX_BRACKETS = 64  # opening brackets in a line; with more, nesting may be deep and it takes the slow path
_PARSE_BLOCK = 2 << 20
_TYPES = {FieldType.NUMBER: pa.float64(), FieldType.INTEGER: pa.int64(), FieldType.TRUTH: pa.bool_()}


class JsonLinesFile:
    """A file of JSON objects, one per line; blank lines are skipped.

    Attributes:
        names: Field names of the first ``SAMPLE_LINES`` lines, in order of appearance.

    Raises:
        UnreadableFile: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.position = 0
        with ByteStream(path) as stream:
            self.size = stream.size
            lines = LineBlocks(stream, 1 << 20).next().split(b"\n")[:SAMPLE_LINES]
        self.names = list(dict.fromkeys(name for line in lines for name in _names(line)))

    def check(self, wanted: Mapping[str, Field]) -> None:
        """Accept all columns: JSON types are checked value by value."""

    def chunks(self, wanted: Mapping[str, Field]) -> Iterator[Chunk]:
        """Yield the fields *wanted*, by key; absent ones are null.

        Raises:
            UnreadableFile: the file is damaged.
        """
        types = {name: field.type for name, field in wanted.items()}
        with ByteStream(self.path) as stream:
            blocks = LineBlocks(stream)
            while data := blocks.next():
                yield from _parse(data, blocks.line, types)
                blocks.consume(data, len(data))
                self.position = stream.position


def _names(line: bytes) -> list[str]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):  # reported when the records are read
        return []
    return list(record) if isinstance(record, dict) else []


def _parse(data: bytes, line: int, types: Mapping[str, FieldType]) -> Iterator[Chunk]:
    lines = _flat_lines(data) if _is_utf8(data) else None
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
    return {name: pa.concat_arrays(table.column(name).chunks) for name in types}


def _schema(first: bytes, types: Mapping[str, FieldType]) -> pa.Schema:
    """Return the Arrow types to expect: ids may be written as numbers, as in the *first* record."""
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        record = {}
    numbers = {name for name, value in record.items() if type(value) is int}
    ids = {name for name in numbers if types.get(name) in (FieldType.ID, FieldType.TEXT)}
    return pa.schema(
        [(name, pa.int64() if name in ids else _TYPES.get(kind, pa.string())) for name, kind in types.items()]
    )


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
