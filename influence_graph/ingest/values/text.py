"""Text columns: ids, lists of ids, free text and choices."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.ingest.chunks import ParsedColumn
from influence_graph.ingest.faults import SAVE_AS_UTF8, BadValue, Fault
from influence_graph.model.records import MAX_ID_BYTES, MAX_TEXT_BYTES
from influence_graph.text import did_you_mean

# Ranges of code points that no text may contain: controls, direction overrides, byte order marks …
_CONTROLS = ((0x00, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029), (0xFFF9, 0xFFFB), (0xFEFF, 0xFEFF))
_DIRECTIONS = ((0x202A, 0x202E), (0x2066, 0x2069))
# … and no id: with invisible characters different ids look the same. Joiners and direction marks are
# allowed in texts, where Persian, Hebrew and emoji need them.
_INVISIBLE = (
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2060, 0x2065),
    (0x206A, 0x206F),
    (0x3164, 0x3164),
    (0xFFA0, 0xFFA0),
    (0xE0000, 0xE007F),
)
_BREAKS = re.compile("[\t\r\n]+")
_ODD_SPACES = "\t\n\r\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
SPACES = f" {_ODD_SPACES}"
"""White space that is left out around every value."""
SPACES_AROUND = "had no-break spaces, tabs or the like around, which were left out"
SPACES_WITHIN = "had no-break spaces or the like within, which were kept"
_ODD = "".join(f"\\x{{{ord(space):x}}}" for space in _ODD_SPACES)
_AROUND, _WITHIN = f"^ *[{_ODD}]|[{_ODD}] *$", f"[{_ODD}]"


def _pattern(ranges: tuple[tuple[int, int], ...]) -> tuple[str, re.Pattern[str]]:
    """Return the class of *ranges* in the syntax of RE2 (for Arrow) and of Python."""
    re2 = "".join(f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in ranges)
    own = "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges)
    return f"[{re2}]", re.compile(f"[{own}]")


@dataclass(frozen=True)
class TextRule:
    """Limits of a text: its maximum bytes in UTF-8, and the characters that it may not contain."""

    max_bytes: int
    re2: str
    forbidden: re.Pattern[str]
    one_line: bool = False  # turn line breaks and tabs into spaces instead of refusing them

    def clean(self, text: str) -> str:
        """Return *text* in canonical form: NFC, without surrounding spaces.

        Raises:
            BadValue: it is too long or contains a forbidden character.
        """
        if self.one_line:
            text = _BREAKS.sub(" ", text).strip(SPACES)
        match = self.forbidden.search(text)
        if match:
            raise BadValue(f"contains {_name(match.group())}", "remove the character")
        text = unicodedata.normalize("NFC", text)
        size = len(text.encode())
        if size > self.max_bytes:
            raise BadValue(f"is {size:,} bytes long, the limit is {self.max_bytes:,}", "shorten it")
        return text


ID = TextRule(MAX_ID_BYTES, *_pattern(_CONTROLS + _DIRECTIONS + _INVISIBLE))
TEXT = TextRule(MAX_TEXT_BYTES, *_pattern(_CONTROLS + _DIRECTIONS), one_line=True)


def parse_plain(raw: pa.BinaryArray, rule: TextRule) -> ParsedColumn:
    """Return *raw* as clean text under *rule*; empty text is null."""
    values = _parse_whole(raw, rule)
    return (
        ParsedColumn(values)
        if values is not None
        else parse_each(raw, lambda text: rule.clean(text) or None, pa.string())
    )


def parse_id(raw: pa.BinaryArray) -> ParsedColumn:
    """Return *raw* as ids; notes tell which had other white space than spaces around or within."""
    parsed = parse_plain(raw, ID)
    data = value_bytes(raw)
    if not len(data) or (data.max() < 0x80 and data.min() >= 0x20):
        return parsed
    return replace(
        parsed, notes=_noted({SPACES_AROUND: (decoded(raw), _AROUND), SPACES_WITHIN: (parsed.values, _WITHIN)})
    )


def _noted(patterns: dict[str, tuple[pa.StringArray, str]]) -> dict[str, npt.NDArray[np.intp]]:
    """Return the rows by note where the text matches its pattern; notes of no row are left out."""
    found = {note: pc.match_substring_regex(text, pattern) for note, (text, pattern) in patterns.items()}
    rows = {
        note: np.flatnonzero(match.fill_null(False).to_numpy(zero_copy_only=False)) for note, match in found.items()
    }
    return {note: of_note for note, of_note in rows.items() if len(of_note)}


def parse_choice(raw: pa.BinaryArray, choices: tuple[str, ...]) -> ParsedColumn:
    """Return values that are one of *choices*, in any case."""
    text = utf8(raw)
    if text is not None:
        known = pc.is_in(text, value_set=pa.array([*choices, None], pa.string()))
        if pc.all(known, min_count=0).as_py():
            return ParsedColumn(text)
    return parse_each(raw, lambda value: _choose(value, choices), pa.string())


def parse_truth(raw: pa.Array) -> ParsedColumn:
    """Return *raw* as true or false, in any case; other words are faults."""
    if pa.types.is_boolean(raw.type):
        return ParsedColumn(raw)
    texts = raw if pa.types.is_binary(raw.type) else raw.cast(pa.string()).cast(pa.binary())
    return parse_each(texts, _truth, pa.bool_())


def parse_each(raw: pa.Array, parse: Callable[[str], Any], type_: pa.DataType) -> ParsedColumn:
    """Return ``parse`` of each value of *raw*, an array of bytes; null where it raises BadValue.

    Equal values are parsed once. Surrounding white space is removed first; empty text is null.
    """
    encoded = raw.dictionary_encode()
    results: list[Any] = []
    faults: dict[int, Fault] = {}
    for code, value in enumerate(encoded.dictionary.to_pylist()):
        try:
            results.append(_parse_one(value, parse))
        except BadValue as error:
            results.append(None)
            faults[code] = Fault.of(value, error.reason, error.remedy)
    return expand(ParsedColumn(pa.array(results, type_), faults), encoded.indices)


def parse_rest(raw: pa.Array, values: pa.Array, parse: Callable[[str], Any]) -> ParsedColumn:
    """Return *values*, and ``parse`` of the rows of *raw*, bytes, where they are null, as :func:`parse_each` does."""
    left = pc.and_(values.is_null(), raw.is_valid())
    rows = np.flatnonzero(left.to_numpy(zero_copy_only=False))
    if not len(rows):
        return ParsedColumn(values)
    rest = parse_each(raw.take(pa.array(rows)), parse, values.type)
    merged = pc.replace_with_mask(values, left, rest.values)
    return ParsedColumn(merged, {int(rows[row]): fault for row, fault in rest.faults.items()})


def expand(parsed: ParsedColumn, indices: pa.Array) -> ParsedColumn:
    """Return the column whose rows point by *indices* into *parsed*."""
    values = parsed.values.take(indices)
    if not parsed.faults and not parsed.notes:
        return replace(parsed, values=values)
    codes = indices.fill_null(-1).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(np.isin(codes, list(parsed.faults)))
    faults = {int(row): parsed.faults[int(codes[row])] for row in rows}
    notes = {note: np.flatnonzero(np.isin(codes, of_note)) for note, of_note in parsed.notes.items()}
    return replace(parsed, values=values, faults=faults, notes=notes)


def refused(
    parsed: ParsedColumn, bad: pa.BooleanArray, reason: str, remedy: str, shown: pa.Array | None = None
) -> ParsedColumn:
    """Return *parsed* with a fault in the rows where *bad* is true, with the value of *shown*, or its own, there."""
    bad = bad.fill_null(False)
    rows = np.flatnonzero(bad.to_numpy(zero_copy_only=False))
    if not len(rows):
        return parsed
    values = (parsed.values if shown is None else shown).take(pa.array(rows)).to_pylist()
    faults = {
        int(row): Fault.of(value if isinstance(value, bytes) else str(value), reason, remedy)
        for row, value in zip(rows, values, strict=True)
    }
    return replace(parsed, values=pc.if_else(bad, None, parsed.values), faults={**parsed.faults, **faults})


def value_bytes(raw: pa.BinaryArray) -> npt.NDArray[np.uint8]:
    """Return the bytes of all values of *raw* end to end, without a copy."""
    _, offsets, data = raw.buffers()
    if data is None or len(raw) == 0:
        return np.empty(0, np.uint8)
    bounds = np.frombuffer(offsets, np.int32)[[raw.offset, raw.offset + len(raw)]]
    return np.frombuffer(data, np.uint8)[bounds[0] : bounds[1]]


def utf8(raw: pa.BinaryArray) -> pa.StringArray | None:
    """Return *raw* as text, without a copy, or None where a value is not UTF-8."""
    try:
        return raw.cast(pa.string())
    except pa.ArrowInvalid:
        return None


def decoded(raw: pa.Array) -> pa.StringArray:
    """Return texts, bytes or values of another type as text; bytes that are not UTF-8 are replaced."""
    text = utf8(raw)
    if text is None:
        text = pa.array([None if value is None else value.decode(errors="replace") for value in raw.to_pylist()])
    return text


def _parse_whole(raw: pa.BinaryArray, rule: TextRule) -> pa.StringArray | None:
    """Return the column in canonical form if every value is valid, else None."""
    data = value_bytes(raw)
    low, high = (int(data.min()), int(data.max())) if len(data) else (0x21, 0x21)
    text = utf8(raw)
    if low < 0x20 or high == 0x7F or text is None:
        return None
    if high > 0x7F:
        text = pc.utf8_normalize(text, form="NFC")
        if pc.any(pc.match_substring_regex(text, rule.re2)).as_py():
            return None
    if high > 0x7F:
        text = pc.utf8_trim(text, characters=SPACES)
    elif low == 0x20:
        text = pc.ascii_trim(text, characters=" ")
    sizes = pc.min_max(pc.binary_length(text)).as_py()
    if (sizes["max"] or 0) > rule.max_bytes:
        return None
    return pc.if_else(pc.equal(text, ""), None, text) if sizes["min"] == 0 else text


def _parse_one(value: bytes, parse: Callable[[str], Any]) -> Any:  # noqa: ANN401 - the type that *parse* returns
    try:
        text = value.decode().strip(SPACES)
    except UnicodeDecodeError as error:
        raise BadValue(f"is not UTF-8 text (byte {error.start + 1})", SAVE_AS_UTF8) from error
    return parse(text) if text else None


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise BadValue("is neither true nor false", "write true or false, or leave it empty")
    return text.lower() == "true"


def _choose(text: str, choices: tuple[str, ...]) -> str:
    value = text.lower()
    if value not in choices:
        listed = f"use one of {', '.join(choices)}"
        raise BadValue(f"is not one of {', '.join(choices)}", did_you_mean(value, choices, listed))
    return value


def _name(character: str) -> str:
    """Return the code point of *character*, with its name where it has one."""
    kind = "the control character" if unicodedata.category(character) == "Cc" else unicodedata.name(character, "")
    return f"{kind} U+{ord(character):04X}".strip()
