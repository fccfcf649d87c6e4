"""The file of rejected records: one JSON object per line."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, fields, replace
from pathlib import Path
from types import TracebackType
from typing import TextIO

from influence_graph.errors import InputError
from influence_graph.files import open_side_file, unwritable, write_whole
from influence_graph.model.erasure import Redaction
from influence_graph.model.json_values import json_text
from influence_graph.model.records import Reject

REJECTS_BYTES = 64 << 20
"""Size of the file of rejects, unless another is given: some 300,000 lines."""
_FULL = "is the first that is not listed: this file has no room for more, what follows was only counted"
_ROOM = "correct what is listed, or give more room with --rejects-size"
_LONGEST = 1 << 20  # characters of a line that is looked at
_TOLD = ("value", "reason", "remedy")
_KEYS = [each.name for each in fields(Reject)]


def described(reject: Reject) -> str:
    """Return *reject* in one line: file, line, column, value and reason.

    Example:
        >>> described(Reject("ties.csv", 3, "weight", "-1", "is less than 0"))
        "ties.csv, line 3: weight '-1' is less than 0"
        >>> described(Reject("ties.csv", 3, "", "a,b,c", "3 fields where the header has 2"))
        "ties.csv, line 3: 'a,b,c': 3 fields where the header has 2"
    """
    value = repr(reject.value) if reject.value else ""
    subject = " ".join(filter(None, (reject.column, value))) if reject.column else f"{value}:"
    return f"{reject.file}, line {reject.line}: {subject} {reject.reason}"


class RejectWriter:
    """Writes rejects to a JSON Lines file that is created with the first of them.

    A file of an earlier run is replaced then, and removed after a run without any: it would be taken for one of this
    run. Every line is flushed: after a crash the file contains what was rejected before it. Without a path rejects are
    only counted. So are those for which the file has no room; its last line says then that it ends before them.

    Args:
        path: The file; None: none.
        most_bytes: Size that the file may have; its last line may go beyond it.

    Attributes:
        path: The file; None: none.
        closed: Whether it was closed; what comes after that is neither written nor counted.
        count: Records rejected so far.
        values_left_out: Values so far without which their records were kept.
        unlisted: Those of both for which the file has no room.

    Example:
        >>> with RejectWriter(None) as writer:
        ...     writer.write(Reject("people.csv", 2, "id", "", "is empty"))
        >>> writer.count
        1
    """

    def __init__(self, path: Path | None, most_bytes: int = REJECTS_BYTES) -> None:
        self.path = path
        self.closed = False
        self.count = 0
        self.values_left_out = 0
        self.unlisted = 0
        self._left = most_bytes
        self._file: TextIO | None = None

    def write(self, reject: Reject) -> None:
        """Write *reject* as one line.

        Raises:
            InputError: the file cannot be written, or is another's.
            UnwritableFile: the disk is full.
        """
        if self.closed:  # the thread that reads ahead may come late
            return
        if reject.value_only:
            self.values_left_out += 1
        else:
            self.count += 1
        if self.path is None:
            return
        if self.unlisted:
            self.unlisted += 1
            return
        line = _line(reject)
        self._left -= len(line.encode("utf-8", errors="replace"))
        if self._left < 0:
            self.unlisted = 1
            line = _line(replace(reject, column="", value="", reason=_FULL, remedy=_ROOM))
        try:
            if self._file is None:
                self._file = open_side_file(_own(self.path))
            self._file.write(line)
            self._file.flush()
        except OSError as error:
            raise unwritable(self.path, error, "rejected rows") from error

    def close(self) -> None:
        """Close the file, if there is one."""
        self.closed = True
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> RejectWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
        written = self.count + self.values_left_out
        if kind is None and not written and self.path is not None and _is_rejects(self.path):
            with suppress(OSError):
                self.path.unlink()


def rejects_in(path: Path) -> list[Path]:
    """Return the files of rejects at *path*: itself, or those in the folder that it is and in its folders."""
    if path.is_dir():
        return [file for file in sorted(path.rglob("*.jsonl")) if _is_rejects(file)]
    return [path] if _is_rejects(path) else []


def without(path: Path, redaction: Redaction, *, dry_run: bool = False) -> int:
    """Take the lines that name people from the file of rejects *path*; return how many.

    Args:
        path: The file; one in which no line is left goes.
        redaction: Of those people.
        dry_run: Only count.

    Raises:
        InputError: the file cannot be written.
    """
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not _names(line, redaction)]
    if len(kept) < len(lines) and not dry_run:
        if kept:
            write_whole(path, "".join(kept))
        else:
            path.unlink()
    return len(lines) - len(kept)


def _names(line: str, redaction: Redaction) -> bool:
    """Return whether the reject in *line* names one of the people."""
    record = json.loads(line)
    return any(redaction.is_named_in(str(record.get(name, ""))) for name in _TOLD)


def _own(path: Path) -> Path:
    """Return *path*, where it holds rejects of an earlier run, or nothing.

    Raises:
        InputError: it holds something else, which would be lost.
    """
    if path.is_file() and path.stat().st_size and not _begins_with_reject(path):
        raise InputError(f"{path} is no file of rejects, and would be lost", remedy="name another with --rejects")
    return path


def _begins_with_reject(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as lines:
            return _is_reject(lines.readline(_LONGEST))
    except UnicodeDecodeError:
        return False


def _line(reject: Reject) -> str:
    return json_text(asdict(reject), ensure_ascii=False) + "\n"


def _is_rejects(path: Path) -> bool:
    """Return whether every line of *path* is one that :class:`RejectWriter` writes: no other file is removed."""
    if not path.is_file():
        return False
    try:
        with path.open(encoding="utf-8") as lines:
            return path.stat().st_size > 0 and all(map(_is_reject, lines))
    except (OSError, UnicodeDecodeError):
        return False


def _is_reject(line: str) -> bool:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and set(_KEYS) >= set(record) >= {"file", "line", "column", "reason"}
