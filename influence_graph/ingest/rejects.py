"""The file of rejected records: one JSON object per line."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from types import TracebackType
from typing import TextIO

from influence_graph.errors import InputError
from influence_graph.model.json_values import json_text
from influence_graph.model.records import Reject

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
    only counted.

    Attributes:
        path: The file; None: none.
        count: Records rejected so far.
        values_left_out: Values so far without which their records were kept.

    Example:
        >>> with RejectWriter(None) as writer:
        ...     writer.write(Reject("people.csv", 2, "id", "", "is empty"))
        >>> writer.count
        1
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.count = 0
        self.values_left_out = 0
        self._file: TextIO | None = None

    def write(self, reject: Reject) -> None:
        """Write *reject* as one line.

        Raises:
            InputError: the file cannot be written.
        """
        if reject.value_only:
            self.values_left_out += 1
        else:
            self.count += 1
        if self.path is None:
            return
        try:
            if self._file is None:
                self._file = self.path.open("w", encoding="utf-8", newline="\n")
            self._file.write(json_text(asdict(reject), ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            raise InputError(
                f"cannot write rejected rows to {self.path}: {error.strerror}", remedy="name another file for rejects"
            ) from error

    def close(self) -> None:
        """Close the file, if there is one."""
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
