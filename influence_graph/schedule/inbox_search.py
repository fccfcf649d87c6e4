"""Which files of an inbox still name somebody: they are the user's, so nothing is taken out of them."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from influence_graph.model.erasure import Redaction
from influence_graph.schedule.inbox import DONE, FAILED

_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"\xff\xfe", b"\xfe\xff", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
"""How files begin that are no lines of UTF-8: gzip, zip and workbooks, Parquet, UTF-16, bzip2, xz, Zstandard."""
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_LONGEST = 1 << 20  # of a line that is read in one piece


@dataclass(frozen=True)
class Looked:
    """What was found in the files of an inbox.

    Attributes:
        naming: The files that hold an id or a name as a word.
        unread: Those that could not be looked through: packed, of another encoding, or not to be read.
    """

    naming: tuple[Path, ...] = ()
    unread: tuple[Path, ...] = ()


def look_through(folder: Path, redaction: Redaction) -> Looked:
    """Look for those whom *redaction* clears in the files of the inbox *folder*, in ``done`` and in ``failed``.

    Reports and rejects lie beside the files and are looked through, too; links and folders in it are left alone.
    """
    naming, unread = [], []
    for path in _files(folder):
        try:
            is_named = _names(path, redaction)
        except OSError:
            is_named = None
        if is_named is None:
            unread.append(path)
        elif is_named:
            naming.append(path)
    return Looked(tuple(naming), tuple(unread))


def _files(folder: Path) -> Iterator[Path]:
    for each in (folder, folder / DONE, folder / FAILED):
        if each.is_dir():
            yield from (path for path in sorted(each.iterdir()) if stat.S_ISREG(path.lstat().st_mode))


def _names(path: Path, redaction: Redaction) -> bool | None:
    """Return whether a line of *path* names somebody; None where that is no text of UTF-8."""
    with path.open("rb") as file:
        if file.peek(8).startswith(_PACKED):
            return None
        while line := file.readline(_LONGEST):
            text = line.decode("utf-8", "replace")
            if "\\u" in text:
                text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
            if redaction.is_named_in(text):
                return True
    return False
