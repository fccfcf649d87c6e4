"""CSV records one by one: the slow path, for blocks with something malformed."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field

from influence_graph.ingest.faults import Fault
from influence_graph.ingest.readers.blocks import MAX_RECORD_BYTES

_END_OF_DATA = "unexpected end of data"  # the csv module's words for a quote that is still open
_UNCLOSED = ("a quote is opened and never closed", 'close the quote, or double it ("") where it is part of the text')
_TOO_LONG = (f"the record is longer than {MAX_RECORD_BYTES:,} bytes", "shorten the field, or close an open quote")
_TEXT_AFTER = ("text follows a closing quote", 'double quotes ("") that are part of the text')
_RETURN = ("a carriage return is inside the line", "end every line with a line feed")


@dataclass
class Rows:
    """Rows of equal width, their 0-based lines, the lines that are no rows, and the bytes consumed."""

    fields: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    skipped: list[tuple[int, Fault]] = field(default_factory=list)
    used: int = 0


def split_rows(data: bytes, delimiter: str, width: int, ended: bool) -> Rows:
    """Return the rows of *data*, which begins with a record; fields hold one character per byte.

    After a malformed record reading continues with the next line, so that one bad quote affects one
    line. A record whose quote is still open at the end of *data* is left for the next block, unless
    the file has *ended*.
    """
    feed = _LineFeeder(data, delimiter)
    rows = Rows()
    while feed.at < len(feed.lines):
        try:
            row = feed.row()
        except csv.Error as error:
            if feed.exhausted and not ended:
                feed.at = feed.start
                break
            rows.skipped.append((feed.start, Fault.of(feed.first_line(), *_explain(error))))
            feed.restart(feed.start + 1)
            continue
        if row and len(row) != width:
            reason = f"{len(row)} fields where the header has {width}"
            fault = Fault.of(feed.first_line(), reason, "quote fields that contain the delimiter; add what is missing")
            rows.skipped.append((feed.start, fault))
        elif row:
            rows.fields.append(row)
            rows.lines.append(feed.start)
    rows.used = sum(map(len, feed.lines[: feed.at]))
    return rows


class _LineFeeder:
    """Passes lines to the csv module; keeps the start of the record, and ends one that is too long."""

    def __init__(self, data: bytes, delimiter: str) -> None:
        # Latin-1 maps every byte to one character and back: broken UTF-8 is found later, per value.
        self.lines = [line + "\n" for line in data.decode("latin-1").split("\n")]
        last = self.lines.pop()[:-1]
        if last:
            self.lines.append(last)
        self.delimiter = delimiter
        self.restart(0)

    def restart(self, at: int) -> None:
        self.at = self.start = at
        self.size = 0
        self.exhausted = False
        self.reader = csv.reader(self, delimiter=self.delimiter, strict=True)

    def row(self) -> list[str]:
        self.start, self.size, self.exhausted = self.at, 0, False
        return next(self.reader)

    def first_line(self) -> bytes:
        return self.lines[self.start].rstrip("\r\n").encode("latin-1")

    def __iter__(self) -> _LineFeeder:
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            self.exhausted = True
            raise StopIteration
        line = self.lines[self.at]
        self.at += 1
        self.size += len(line)
        if self.size > MAX_RECORD_BYTES:
            raise csv.Error(_TOO_LONG[0] if self.at == self.start + 1 else _END_OF_DATA)
        return line


def _explain(error: csv.Error) -> tuple[str, str]:
    """Return reason and remedy for an error of the csv module."""
    text = str(error)
    if text == _END_OF_DATA:
        return _UNCLOSED
    if "expected after" in text:
        return _TEXT_AFTER
    if text.startswith("new-line"):
        return _RETURN
    return _TOO_LONG
