"""One JSON document: the array of records within it, written out as JSON Lines."""

from __future__ import annotations

import itertools
import json
import re
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from influence_graph.ending import left_over
from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.detect import listed
from influence_graph.ingest.readers.json_lines import JsonLinesFile
from influence_graph.ingest.readers.stream import ByteStream
from influence_graph.text import did_you_mean

MAX_DOCUMENT_BYTES = 512 << 20
"""The longest document, unpacked; reading it takes twice its size in memory."""
_ASSIGNED = re.compile(r"[A-Za-z_$][\w$.\[\]\"']*\s*=\s*(?=[\[{])")  # `window.YTD.follower.part0 = [ … ]`
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
_READ_BYTES = 1 << 24


class JsonDocument(JsonLinesFile):
    """A JSON document with an array of objects, each of which is a record.

    Args:
        path: The file.
        encoding: As :class:`ByteStream` takes it.
        records: Keys that lead to the array, joined by dots; "" is the only array of objects that there is.

    Attributes:
        names: As of :class:`JsonLinesFile`; lines count the records, from 1.
        notes: Where the records were found.

    Raises:
        UnreadableFile: it is not JSON, is too long, or has no array of objects, or several.
        InputError: *records* leads nowhere.
    """

    def __init__(self, path: Path, encoding: str = "", records: str = "") -> None:
        with ByteStream(path, encoding) as stream:
            shown = stream.path
            text = _content(stream)
        document = _Document(shown, text)
        found = document.array(records) if records else document.only_array()
        with tempfile.NamedTemporaryFile(prefix="influence-graph-", suffix=".jsonl", delete=False) as spool:
            weakref.finalize(self, left_over(partial(Path(spool.name).unlink, missing_ok=True)))
            document.write(found.start, spool)
        super().__init__(path, lines=Path(spool.name))
        if found.name and not records:
            self.notes.append(f"{shown}: the records are those at {found.name!r}")


def is_document(head: bytes, whole: bool, known: frozenset[str]) -> bool:
    """Return whether a file that begins with *head* is one JSON document, not an object per line.

    Args:
        head: The first bytes, UTF-8; they begin with a brace or bracket.
        whole: Whether they are the whole file.
        known: Names of fields; an object with one of them is a record.
    """
    if not head.startswith(b"{"):
        return head.startswith(b"[") or _ASSIGNED.match(head.decode("latin-1")) is not None
    line, broken, rest = head.partition(b"\n")
    if not broken and not whole:
        return True  # one line, longer than any record
    try:
        first = json.loads(line)
    except (ValueError, RecursionError) as error:
        # An object that goes on in the next line is a document, other errors are those of a line.
        cut = isinstance(error, json.JSONDecodeError) and error.pos >= len(error.doc.rstrip())
        others = [line.strip() for line in rest.split(b"\n")[: None if whole else -1] if line.strip()]
        return cut and not all(line.startswith(b"{") and not line.endswith(b",") for line in others)
    if rest.strip() or not whole or not isinstance(first, dict):
        return False
    return not any(key.strip().lower() in known for key in first) and _has_array(first)


def _has_array(value: object) -> bool:
    """Return whether there is a list of objects within the objects of *value*."""
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, list) and each and isinstance(each[0], dict):
            return True
        left += each.values() if isinstance(each, dict) else ()
    return False


def _content(stream: ByteStream) -> str:
    """Return the whole file, one character per byte: all that JSON is made of is ASCII, strings keep their bytes."""
    texts, size = [], 0
    while block := stream.read(_READ_BYTES):
        size += len(block)
        if size > MAX_DOCUMENT_BYTES:
            raise UnreadableFile(
                f"{stream.path} is one JSON document of more than {MAX_DOCUMENT_BYTES:,} bytes",
                remedy="write one object per line, for example with: jq -c '.[]' FILE",
            )
        texts.append(block.decode("latin-1"))
    return "".join(texts)


class _Array(NamedTuple):
    """An array of a document: the keys that lead to it, joined by dots, and the place of its bracket."""

    name: str
    start: int


class _Document:
    """The text of a document, walked value by value: nothing larger than a record is built of it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self._at = _space(text, 0)
        if assigned := _ASSIGNED.match(text, self._at):
            self._at = assigned.end()

    def only_array(self) -> _Array:
        """Return the only array of objects."""
        found: list[_Array] = []
        with self._reading():
            self._collect("", found)
            after = self.text[self._at : self._at + 1000].strip(" \t\r\n;")
        if after:
            raise UnreadableFile(f"{self.path} goes on after its JSON document", remedy="write one object per line")
        if len(found) == 1:
            return found[0]
        if not found:
            remedy = "write one object per line, or an array of them"
            raise UnreadableFile(f"{self.path} is one JSON document without an array of objects", remedy=remedy)
        raise UnreadableFile(
            f"{self.path} has {len(found)} arrays of objects, at {listed([each.name for each in found])}",
            remedy="state in which the records are: records = KEYS JOINED BY DOTS, under [layout] of a mapping",
        )

    def array(self, records: str) -> _Array:
        """Return the array to which the keys *records* lead."""
        rest = records
        with self._reading():
            while rest:
                places = {key: self._skipped() for key in self._members()} if self._char() in "[{" else {}
                fitting = [key for key in places if key == rest or rest.startswith(f"{key}.")]
                if not fitting:
                    remedy = did_you_mean(rest, places, f"at this place there are {listed(list(places))}")
                    raise InputError(f"{self.path} has no {rest!r}, of the records {records!r}", remedy=remedy)
                key = max(fitting, key=len)
                self._at, rest = places[key], rest[len(key) + 1 :]
            if self._char() != "[":
                raise InputError(
                    f"{self.path} has no array at {records!r}", remedy="name the keys that lead to the array of records"
                )
        return _Array(records, self._at)

    def write(self, start: int, file: IO[bytes]) -> None:
        """Write the elements of the array at *start* to *file*, one per line."""
        self._at = start
        with self._reading():
            for _ in self._members():
                begin = self._at
                self._scan()
                element = self.text[begin : self._at].replace("\n", " ").replace("\r", " ")
                file.write(element.encode("latin-1") + b"\n")
        file.flush()

    def _collect(self, name: str, found: list[_Array]) -> None:
        """Add the outermost arrays of objects within the value here, which the keys *name* lead to; skip it."""
        char, start = self._char(), self._at
        if char not in "[{":
            self._scan()
            return
        first = _space(self.text, start + 1)
        inner = self.text[first : first + 1] if char == "[" else ""
        if inner == "{" or (inner == "]" and not name):
            found.append(_Array(name, start))
            self._skipped()
            return
        for key in self._members():
            self._collect(f"{name}.{key}" if name else key, found)

    def _members(self) -> Iterator[str]:
        """Yield the keys or numbers of the members of the object or array here; the caller must read each value."""
        closing = "}" if self._char() == "{" else "]"
        self._at += 1
        if self._char() == closing:
            self._at += 1
            return
        for number in itertools.count():
            yield self._key() if closing == "}" else str(number)
            char = self._char()
            self._at += 1
            if char == closing:
                return
            if char != ",":
                raise json.JSONDecodeError("Expecting ',' delimiter", self.text, self._at - 1)
            self._char()

    def _key(self) -> str:
        """Return the key here, and go to its value."""
        start = self._at
        if self._char() != '"':
            raise json.JSONDecodeError("Expecting property name enclosed in double quotes", self.text, start)
        self._scan()
        key: str = json.loads(self.text[start : self._at].encode("latin-1").decode("utf-8", "replace"))
        if self._char() != ":":
            raise json.JSONDecodeError("Expecting ':' delimiter", self.text, self._at)
        self._at += 1
        self._char()
        return key

    def _skipped(self) -> int:
        """Return the place of the value here, and go behind it."""
        start, char = self._at, self._char()
        if char == "{":
            for _ in self._members():
                self._skipped()
        elif char == "[":
            for _ in self._members():
                self._scan()
        else:
            self._scan()
        return start

    def _scan(self) -> None:
        _, self._at = _DECODER.raw_decode(self.text, self._at)

    def _char(self) -> str:
        """Return the next character that is no space, and go to it."""
        self._at = _space(self.text, self._at)
        if self._at == len(self.text):
            raise json.JSONDecodeError("Ends early", self.text, self._at)
        return self.text[self._at]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except json.JSONDecodeError as error:
            raise UnreadableFile(
                f"{self.path}, line {error.lineno} is not JSON: {error.msg} at character {error.colno}",
                remedy="write one object per line, or one complete document",
            ) from error
        except RecursionError as error:
            raise UnreadableFile(f"{self.path} is nested too deeply", remedy="write flat objects") from error


def _space(text: str, at: int) -> int:
    """Return where the space that begins at *at* ends."""
    found = _SPACE.match(text, at)
    return at if found is None else found.end()
