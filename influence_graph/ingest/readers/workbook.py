"""Workbooks (.xlsx, .xlsb, .xls, .ods): one sheet, its header in the first row that is not empty."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from influence_graph.errors import InputError, MissingExtra, UnreadableFile
from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.detect import listed
from influence_graph.ingest.faults import Fault, Faults
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.readers.containers import ZIP_DAMAGES
from influence_graph.ingest.readers.dialect import unnamed
from influence_graph.ingest.readers.names import places_of, refuse_repeats
from influence_graph.ingest.readers.stream import ByteStream
from influence_graph.model.records import Field, FieldType
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_WORKBOOK_BYTES = 512 << 20
"""The largest workbook, unpacked: the sheet is in memory as a whole, in some two to four times its size."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_READ_BYTES = 1 << 24
_ROWS = 10_000
_EXACT = 1 << 53
_TYPES = {
    **dict.fromkeys((FieldType.NUMBER, FieldType.INTEGER), ((int, float), pa.float64())),
    **dict.fromkeys((FieldType.TIME, FieldType.DATE), ((date,), pa.timestamp("us"))),
}
_IDS = (FieldType.ID, FieldType.IDS)


class Workbook:
    """One sheet of a workbook; its lines are the rows as the sheet numbers them.

    Attributes:
        path: What messages call the file.
        names: Column names, without surrounding spaces.
        notes: Which sheet was chosen, where several have data.

    Raises:
        UnreadableFile: the workbook is damaged, encrypted, too large or empty.
        InputError: it has no sheet of the stated name.
        MissingExtra: the library that reads workbooks is not installed.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self.position = 0
        self.notes: list[str] = []
        with ByteStream(path) as stream:
            self.path, self.size = stream.path, stream.size
            content = _content(stream)
        self._sheet = self._chosen(content, layout.sheet)
        rows = enumerate(self._sheet.iter_rows(), start=1)
        number, first = next((each for each in rows if not _is_empty(each[1])), (0, []))
        if layout.columns and len(first) != len(layout.columns):
            raise UnreadableFile(
                f"{self.path}, row {number} has {len(first)} columns, and {len(layout.columns)} names are stated",
                remedy="state a name for each column",
            )
        header = layout.header or (layout.header is None and not layout.columns)
        self._before = number if header else number - 1
        written = [(_text(cell) or b"").decode().strip() for cell in first] if header else unnamed(len(first))
        self.names = list(layout.columns) or written

    def check(self, wanted: Mapping[str, Field]) -> None:
        """Refuse columns *wanted* that are there twice; cells can hold any field."""
        refuse_repeats(self.path, self.names, wanted)

    def holds(self, name: str, field: Field) -> bool:
        """Return whether the column *name* can hold *field*; cells can hold any."""
        del name, field
        return True

    def chunks(self, wanted: Mapping[str, Field]) -> Iterator[Chunk]:
        """Yield the columns *wanted*, by name as written: numbers and dates as such, where their field is one."""
        of_name = places_of(self.names)
        places = [(of_name[name], field) for name, field in wanted.items()]
        total = 1 + (self._sheet.end or (0, 0))[0]
        numbered = islice(enumerate(self._sheet.iter_rows(), start=1), self._before, None)
        rows = ((line, row) for line, row in numbered if not _is_empty(row))
        while block := list(islice(rows, _ROWS)):
            for alike in _alike(block, places):
                yield _chunk(alike, dict(zip(wanted, places, strict=True)))
            self.position = self.size * block[-1][0] // total

    def _chosen(self, content: bytes, name: str) -> CalamineSheet:
        """Return the sheet *name*, else the first one that has data."""
        try:
            import python_calamine as calamine
        except ImportError as error:
            raise MissingExtra(
                f"{self.path} is a workbook, which python-calamine reads, and it is not installed",
                remedy='pip install "influence-graph[excel]", or save the sheet as CSV',
            ) from error
        if _ENCRYPTED in content[: 1 << 20] or _ENCRYPTED in content[-(1 << 20) :]:
            raise self._encrypted()
        try:
            book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
            kinds = {sheet.name: sheet.typ for sheet in book.sheets_metadata}
            names = [each for each in book.sheet_names if kinds[each] is calamine.SheetTypeEnum.WorkSheet]
            if name:
                return book.get_sheet_by_name(self._named(name, names))
            full = [sheet for sheet in map(book.get_sheet_by_name, names) if sheet.height]
        except calamine.PasswordError as error:
            raise self._encrypted() from error
        except calamine.CalamineError as error:
            raise UnreadableFile(f"{self.path} is not a complete workbook: {error}", remedy="save it again") from error
        if not full:
            raise UnreadableFile(f"{self.path} has no sheet with data", remedy="write a header and records below it")
        if len(full) > 1:
            others = listed([sheet.name for sheet in full[1:]])
            self.notes.append(f"{self.path}: sheet {full[0].name!r} is read, and not {others}")
        return full[0]

    def _named(self, name: str, names: list[str]) -> str:
        alike = [each for each in names if each.strip().casefold() == name.strip().casefold()]
        if not alike:
            remedy = did_you_mean(name, names, f"its sheets are {listed(names)}")
            raise InputError(f"{self.path} has no sheet {name!r}", remedy=remedy)
        return name if name in alike else alike[0]

    def _encrypted(self) -> UnreadableFile:
        return UnreadableFile(f"{self.path} is an encrypted workbook", remedy="save it without a password, or as CSV")


def _content(stream: ByteStream) -> bytes:
    blocks, size = [], 0
    while block := stream.read_raw(_READ_BYTES):
        blocks.append(block)
        size += len(block)
        if size > MAX_WORKBOOK_BYTES:
            break
    content = b"".join(blocks)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = max(size, sum(entry.file_size for entry in archive.infolist()))
    except (*ZIP_DAMAGES, RuntimeError):  # of another format, or damaged, which is found out later
        pass
    if size > MAX_WORKBOOK_BYTES:
        raise UnreadableFile(
            f"{stream.path} is a workbook of {size:,} bytes, the limit is {MAX_WORKBOOK_BYTES:,}",
            remedy="save the sheet as CSV",
        )
    return content


def _is_empty(row: list[Any]) -> bool:
    return all(cell == "" for cell in row)


def _alike(rows: list[tuple[int, list[Any]]], places: list[tuple[int, Field]]) -> Iterator[list[tuple[int, list[Any]]]]:
    """Yield runs of *rows* in each of which a column of numbers or dates has only such cells, or none."""
    typed = [(place, _TYPES[field.type][0]) for place, field in places if field.type in _TYPES]
    run: list[tuple[int, list[Any]]] = []
    seen: dict[int, bool] = {}
    for line, row in rows:
        kinds = {place: _is_a(row[place], classes) for place, classes in typed if row[place] != ""}
        if any(seen.setdefault(place, kind) != kind for place, kind in kinds.items()):
            yield run
            run, seen = [], dict(kinds)
        run.append((line, row))
    yield run


def _is_a(cell: object, classes: tuple[type, ...]) -> bool:
    return isinstance(cell, classes) and not isinstance(cell, bool)


def _chunk(rows: list[tuple[int, list[Any]]], places: Mapping[str, tuple[int, Field]]) -> Chunk:
    columns, faults = {}, {}
    for name, (place, field) in places.items():
        cells = [row[place] for _, row in rows]
        first = next((cell for cell in cells if cell != ""), "")
        classes, type_ = _TYPES.get(field.type, ((), pa.binary()))
        if _is_a(first, classes):
            columns[name] = pa.array([None if cell == "" else _value(cell) for cell in cells], type_)
        else:
            columns[name] = pa.array([_text(cell) for cell in cells], pa.binary())
        if field.type in _IDS:
            faults[name] = _inexact(cells)
    return Chunk(columns, np.array([line for line, _ in rows], dtype=np.int64), faults)


def _value(cell: object) -> object:
    """Return a number or a date as its Arrow array takes it."""
    return datetime.combine(cell, time()) if isinstance(cell, date) and not isinstance(cell, datetime) else cell


def _text(cell: object) -> bytes | None:
    """Return *cell* as CSV would have it."""
    if isinstance(cell, bool):
        return b"true" if cell else b"false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)).encode()
    if isinstance(cell, datetime):
        return cell.isoformat(" ").encode()
    if isinstance(cell, date | time):
        return cell.isoformat().encode()
    return str(cell).encode("utf-8", "surrogatepass") or None


def _inexact(cells: list[Any]) -> Faults:
    """Return the faults of ids that are numbers beyond those that a workbook keeps exactly."""
    reason, remedy = f"is a number beyond {_EXACT:,}, of which a workbook keeps 15 digits", "write ids as text"
    return {
        row: Fault.of(f"{cell:.17g}", reason, remedy)
        for row, cell in enumerate(cells)
        if isinstance(cell, int | float) and abs(cell) > _EXACT
    }
