"""The text of a network file, and lines of it as columns."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pv

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.readers.stream import ByteStream

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPACES = ""
"""The delimiter of a list whose columns are set apart by any number of spaces and tabs."""
SHAPE = "each line must be `source target`, `source target weight`, or have names above it"
_READ = 1 << 22
_BLOCK = 1 << 24
_GAPS = b" \t,;|"
_COMMENT_SECOND = b" \t#\n"


@dataclass(frozen=True)
class Rows:
    """Lines as columns of text.

    Attributes:
        columns: One array of text for each column, all of one length.
        lines: The 1-based line of each row.
        comments: How many lines among the rows begin with ``# ``; they are no rows.
    """

    columns: list[pa.Array]
    lines: NDArray[np.int64]
    comments: int = 0

    def from_row(self, start: int) -> Rows:
        """Return the rows from *start* on."""
        return Rows([column.slice(start) for column in self.columns], self.lines[start:], self.comments)


def read_text(path: Path) -> bytes:
    """Return the text of *path*, in UTF-8 and with line ends of one character.

    Raises:
        UnreadableFile: it cannot be read, or is no text.
    """
    with ByteStream(path) as stream:
        data = b"".join(iter(lambda: stream.read(_READ), b""))
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\0" in data:
        raise UnreadableFile(f"{path} is no text: it contains the character NUL", remedy="give a file of a network")
    return data


def require_utf8(path: Path, data: bytes) -> None:
    """Refuse text that is not UTF-8.

    Raises:
        UnreadableFile: it is not; the line is named.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"{path}, line {line} is not UTF-8", remedy="save the file as UTF-8") from error


def split_line(line: str, delimiter: str) -> list[str]:
    """Return the columns of one line.

    Example:
        >>> split_line('"Ann Lee"   june 0.5 ', SPACES), split_line("a, b;c", ",")
        (['Ann Lee', 'june', '0.5'], ['a', 'b;c'])
    """
    if delimiter == SPACES:
        line = line.replace("\t", " ").strip()
    try:
        fields = next(csv.reader([line], delimiter=delimiter or " ", skipinitialspace=True), [])
    except csv.Error:  # longer than a column can be
        fields = [line]
    return [field.strip() for field in fields]


def split_rows(path: Path, data: bytes, first_line: int, delimiter: str) -> Rows:
    """Return the lines of *data* as columns; blank lines and those that begin with ``# `` are no rows.

    Args:
        path: What messages call the file.
        data: Lines of text.
        first_line: The number of the first of them.
        delimiter: What sets columns apart.

    Raises:
        UnreadableFile: lines differ in their number of columns, or a quotation does not end.
    """
    data = data if data.endswith(b"\n") else data + b"\n"
    _refuse_open_quotes(path, data, first_line, delimiter)
    data = _tidied(data, delimiter)
    data, lines, comments = _records(data, first_line)
    if not len(lines):
        raise UnreadableFile(f"{path} contains no edge", remedy=SHAPE)
    mark = delimiter or "\t"
    columns, ragged = _parsed(path, data, mark)
    if ragged and re.search(rb"(?m)" + re.escape(mark.encode()) + rb"$", data):
        shorter = re.sub(rb"(?m)" + re.escape(mark.encode()) + rb"+$", b"", data)
        again, still = _parsed(path, shorter, mark)
        columns, ragged = (again, still) if not still else (columns, ragged)
    if ragged:
        number, expected, actual = ragged[0]
        raise UnreadableFile(
            f"{path}, line {lines[number - 1]} has {actual} columns where line {lines[0]} has {expected}",
            remedy=f"{SHAPE}; of an adjacency list write the edges, such as with networkx.write_edgelist; "
            "--size-line skips a first line that is the size of the graph",
        )
    return Rows(_without_empty(columns), lines, comments)


def _refuse_open_quotes(path: Path, data: bytes, first_line: int, delimiter: str) -> None:
    """Refuse a line with a quoted column that does not end, or goes on behind its end."""
    if b'"' not in data:
        return
    mark = re.escape(delimiter)
    quoted = r'"(?:[^"]|"")*"'
    column = rf' *(?:{quoted} *|[^" {mark}][^{mark}]*|)'
    word = rf'(?:{quoted}|[^"\s]\S*)'
    good = re.compile(rf"{column}(?:{mark}{column})*" if delimiter else rf"\s*{word}(?:\s+{word})*\s*")
    for number, line in enumerate(data.decode().split("\n"), start=first_line):
        if '"' in line and not line.startswith("# ") and not good.fullmatch(line):
            raise UnreadableFile(
                f"{path}, line {number}: the quotation marks are not around a whole column",
                remedy='quote whole columns, and write "" for a mark within one',
            )


def _tidied(data: bytes, delimiter: str) -> bytes:
    """Return *data* with one tab for each gap where columns are set apart by gaps, without spaces before quotes."""
    if delimiter != SPACES:
        mark = re.escape(delimiter.encode())
        return re.sub(rb"(" + mark + rb") +\"", rb'\1"', data) if b' "' in data else data
    if b'"' in data:
        gap = re.compile(rb'("(?:[^"\n]|"")*")|[ \t]+')
        data = gap.sub(lambda match: match.group(1) or b"\t", data)
    else:
        data = data.replace(b" ", b"\t")
        while b"\t\t" in data:
            data = data.replace(b"\t\t", b"\t")
    return data.replace(b"\n\t", b"\n").replace(b"\t\n", b"\n").removeprefix(b"\t")


def _records(data: bytes, first_line: int) -> tuple[bytes, NDArray[np.int64], int]:
    """Return the lines that are records, their numbers, and the number of comments left out."""
    bytes_ = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(bytes_ == ord("\n"))
    starts = np.concatenate(([0], ends[:-1] + 1)).astype(np.int64)
    first, second = bytes_[starts], bytes_[np.minimum(starts + 1, len(bytes_) - 1)]
    comment = (first == ord("#")) & np.isin(second, np.frombuffer(_COMMENT_SECOND, np.uint8))
    left_out = comment | (starts == ends)
    for row in np.flatnonzero(np.isin(first, np.frombuffer(_GAPS, np.uint8))):
        left_out[row] = not data[starts[row] : ends[row]].strip(_GAPS)
    lines = np.arange(first_line, first_line + len(starts), dtype=np.int64)
    if left_out.any():
        data = bytes_[np.repeat(~left_out, ends - starts + 1)].tobytes()
    return data, lines[~left_out], int(comment.sum())


def _parsed(path: Path, data: bytes, delimiter: str) -> tuple[list[pa.Array], list[tuple[int, int, int]]]:
    """Return the columns, and of rows of another width than the first the 1-based row and both widths."""
    ragged: list[tuple[int, int, int]] = []

    def seen(row: Any) -> str:  # noqa: ANN401 - pyarrow.csv.InvalidRow
        ragged.append((row.number, row.expected_columns, row.actual_columns))
        return "skip"

    width = data[: data.index(b"\n")].count(delimiter.encode()) + 1
    try:
        table = pv.read_csv(
            pa.BufferReader(data),
            read_options=pv.ReadOptions(autogenerate_column_names=True, use_threads=False, block_size=_BLOCK),
            parse_options=pv.ParseOptions(delimiter=delimiter, invalid_row_handler=seen),
            convert_options=pv.ConvertOptions(
                column_types={f"f{i}": pa.string() for i in range(width)}, strings_can_be_null=False, null_values=[]
            ),
        )
    except pa.ArrowInvalid as error:
        raise UnreadableFile(f"{path}: {error}", remedy=SHAPE) from error
    return [column.combine_chunks() for column in table.columns], ragged


def _without_empty(columns: list[pa.Array]) -> list[pa.Array]:
    """Return *columns* without the last ones that hold nothing: a delimiter stood at the end of each line."""
    while len(columns) > 2 and set(columns[-1].slice(0, 100).to_pylist()) == {""} and not any(columns[-1].to_pylist()):
        columns = columns[:-1]
    return columns
