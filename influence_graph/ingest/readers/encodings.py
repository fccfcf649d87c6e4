"""The encoding of a text file: the one that is stated, checked before anything is read, and a guess at it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from encodings.aliases import aliases
from functools import lru_cache
from pathlib import Path

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.text import did_you_mean

UTF8 = "utf-8"
MIXED = "mixed"
"""What :func:`guess_encoding` calls a file of which some lines are UTF-8 and others are not."""
# UTF-32 first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, UTF8),
)
_HIGH = re.compile(rb"[\x80-\xff]+")
_NEAR_HIGH = re.compile(rb"[A-Za-z]?[\x80-\xff]+[A-Za-z]?")
_FIRST_LETTER = 0xC0  # of the accented ones in cp1252
_LAST_LATIN, _PUNCTUATION = 0x24F, range(0x2010, 0x20D0)
_MAX_LINE = 1 << 24  # bytes: no reader takes a longer one
_MAX_RUN = 64  # bytes of text without ASCII that are looked at: what follows says no more


def encoding_named(name: str) -> str:
    """Return the name by which Python knows the encoding *name*, such as ``cp1252``.

    Raises:
        InputError: there is no such encoding of text.

    Example:
        >>> encoding_named("Latin-1"), encoding_named("UTF8")
        ('iso8859-1', 'utf-8')
    """
    try:
        b"a".decode(name, "replace")
        codecs.getincrementaldecoder(name)
        found = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        known = sorted({alias.replace("_", "-") for alias in (*aliases, *aliases.values())})
        remedy = did_you_mean(name, known, "use one such as cp1252, latin-1, mac-roman, utf-16 or shift-jis")
        raise InputError(f"no encoding is named {name!r}", remedy=remedy) from error
    return found.removesuffix("-sig")


def mark_of(head: bytes) -> str:
    """Return the encoding that the byte order mark of a file says, "" where *head* begins with none."""
    return next((encoding for mark, encoding in MARKS if head.startswith(mark)), "")


@dataclass
class Runs:
    """What the bytes beyond ASCII say of a file: the first lines in which they are UTF-8, and in which they are not."""

    encoding: str
    utf8: int | None = None
    other: int | None = None
    _lines: int = field(default=1)

    def add(self, block: bytes) -> None:
        """Look at *block*, the next bytes of the file."""
        if not block.isascii():
            for run in dict.fromkeys(_HIGH.findall(block)):
                verdict = is_utf8(run[:_MAX_RUN], self.encoding)
                if verdict is True and self.utf8 is None:
                    self.utf8 = self._line_of(block, run)
                if verdict is False and self.other is None:
                    self.other = self._line_of(block, run)
        self._lines += block.count(b"\n")

    def _line_of(self, block: bytes, run: bytes) -> int:
        return self._lines + block.count(b"\n", 0, block.find(run))


@lru_cache(maxsize=100_000)
def is_utf8(run: bytes, encoding: str) -> bool | None:
    """Return whether the bytes *run* beyond ASCII are UTF-8 rather than *encoding*; None: they can be either.

    They are where they are well-formed UTF-8 of Latin letters or punctuation, or of any characters that would be
    more than letters in *encoding*: "Ã«" is no Latin-1 that anybody writes, and "Пё" is good cp1251.
    """
    try:  # a long run may have been cut within a character
        text = codecs.getincrementaldecoder(UTF8)().decode(run, final=len(run) < _MAX_RUN)
    except UnicodeDecodeError:
        return False
    if all(ord(char) <= _LAST_LATIN or ord(char) in _PUNCTUATION for char in text):
        return True
    return None if run.decode(encoding, "replace").isalpha() else True


def check_encoding(path: Path, blocks: Iterable[bytes], encoding: str) -> None:
    """Refuse a file that is not text in *encoding*, one that :func:`encoding_named` returned.

    Raises:
        UnreadableFile: bytes stand for no character of it, or the file is UTF-8 wholly or in some of its lines.
    """
    single = len(bytes(range(256)).decode(encoding, "replace")) == 256
    runs, decoder, line = Runs(encoding), codecs.getincrementaldecoder(encoding)(), 1
    wrong: UnreadableFile | None = None
    for block in _whole_runs(blocks):
        if single:
            runs.add(block)
        try:
            line += decoder.decode(block, final=not block).count("\n")
        except UnicodeDecodeError as error:
            line += bytes(error.object[: error.start]).decode(encoding, "ignore").count("\n")
            shown = error.object[error.start : error.end].hex(" ")
            wrong = UnreadableFile(
                f"{path}, line {line}: the bytes {shown} are no {encoding} text", remedy="state another encoding"
            )
            break
    if runs.utf8 is not None and runs.other is not None:
        raise _mixed(path, runs)
    if runs.utf8 is not None:
        raise UnreadableFile(
            f"{path}, line {runs.utf8} is UTF-8 text, and {encoding} is stated", remedy="leave out the encoding"
        )
    if wrong is not None:
        raise wrong


def check_unmixed(path: Path, blocks: Iterable[bytes]) -> None:
    """Refuse a file of which some lines are UTF-8 and others have letters of a Western encoding.

    Where other bytes are no such letters, the file is damaged, and the faults are those of its values.

    Raises:
        UnreadableFile: it is such a file.
    """
    runs = Runs("cp1252")
    for number, block in enumerate(_whole_runs(blocks)):
        if number == 0 and mark_of(block) not in ("", UTF8):
            return
        runs.add(block)
        if runs.other is not None and not all(map(_may_be_western, _NEAR_HIGH.findall(block))):
            return
    if runs.utf8 is not None and runs.other is not None:
        raise _mixed(path, runs)


def _may_be_western(run: bytes) -> bool:
    """Return whether *run*, with the ASCII letters beside it, is UTF-8 or one or two accented letters of a word."""
    high = _HIGH.findall(run)[0]
    if is_utf8(high[:_MAX_RUN], "cp1252") is not False:
        return True
    return len(high) < min(3, len(run)) and min(high) >= _FIRST_LETTER


def _mixed(path: Path, runs: Runs) -> UnreadableFile:
    return UnreadableFile(
        f"{path} mixes encodings: line {runs.utf8} is UTF-8, line {runs.other} is not",
        remedy="write all lines in one encoding, best UTF-8",
    )


def _whole_runs(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes of *blocks*, cut where no character beyond ASCII is cut in two; an empty block is the end."""
    rest = b""
    for block in blocks:
        data = rest + block
        cut = next((at for at in range(len(data), 0, -1) if data[at - 1] < 0x80), 0)
        if not cut and len(data) > _MAX_LINE:
            cut = len(data)
        rest = data[cut:]
        if cut:
            yield data[:cut]
    if rest:
        yield rest
    yield b""


def guess(blocks: Iterable[bytes]) -> str | None:
    """Return the likely encoding of the text in *blocks*: ``utf-8``, ``utf-16``, ``cp1252`` or ``mac-roman``.

    ``MIXED`` is a file with lines of two kinds; None is one of which its bytes do not tell. Libraries that guess
    (charset-normalizer, chardet) were tried: most tables with a few accented names they take for cp1250 or cp862.
    """
    runs, letters = Runs("cp1252"), _Letters()
    for number, block in enumerate(_whole_runs(blocks)):
        if number == 0 and (found := mark_of(block) or _unmarked_utf16(block)):
            return found
        runs.add(block)
        letters.add(block)
    if runs.other is None:
        return UTF8
    return MIXED if runs.utf8 is not None else letters.encoding


def _unmarked_utf16(block: bytes) -> str:
    """Return the form of UTF-16 in which every other byte of mostly Latin text is zero."""
    zeros = block[::2].count(0), block[1::2].count(0)
    if max(zeros) * 4 < len(block) or min(zeros) * 10 > max(zeros):
        return ""
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


class _Letters:
    """Counts the bytes beyond ASCII that follow a letter, by what they can be: é is e9 in cp1252, 8e in Mac Roman."""

    _WORD = re.compile(rb"[A-Za-z]([\x80-\xff]+)")
    _CLOSING = frozenset(b"\x82\x84\x85\x92\x93\x94\x96\x97\x99\xa0\xae\xbb")  # punctuation of cp1252 after a word

    def __init__(self) -> None:
        self.western = self.mac = self.neither = 0

    def add(self, block: bytes) -> None:
        """Count those of *block*."""
        for run in self._WORD.findall(block):
            byte = run[0]
            if len(run) > 2:
                self.neither += 1
            elif byte >= 0xC0:
                self.western += 1
            elif byte < 0xA0 and byte not in self._CLOSING:
                self.mac += 1
            elif byte not in self._CLOSING:
                self.neither += 1

    @property
    def encoding(self) -> str | None:
        """The encoding that nine of ten of them stand for."""
        total = self.western + self.mac + self.neither
        if total and self.western * 10 >= total * 9:
            return "cp1252"
        return "mac-roman" if total and self.mac * 10 >= total * 9 else None
