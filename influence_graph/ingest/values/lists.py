"""Lists of ids in one value: joined by the list separator, JSON, or lists by their type."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from influence_graph.ingest.chunks import ParsedColumn
from influence_graph.ingest.faults import SAVE_AS_UTF8, BadValue, Fault
from influence_graph.ingest.values.text import ID, SPACES, parse_each, parse_id, value_bytes
from influence_graph.model.records import LIST_SEPARATOR, MAX_TEXT_BYTES

# What other tools join lists by: without the list separator it may be one id or several.
_DOUBTFUL = re.compile(r"[,;\[]")
_MARKS = np.frombuffer(f"{LIST_SEPARATOR},;[".encode(), np.uint8)


def parse_ids(raw: pa.Array, prefix: str = "") -> ParsedColumn:
    """Return lists of ids, each clean, in order and without repeats, joined by the list separator.

    ``scarf|hat`` and the JSON list ``["scarf", "hat"]`` are two ids. Without the separator a comma or semicolon is a
    fault, for ``scarf,hat`` may be one id or two; one id is written ``scarf,hat|``, and returned so.

    Args:
        raw: Bytes, or lists of texts or whole numbers.
        prefix: Put before every id.
    """
    if _is_list(raw.type):
        return _parse_lists(raw, prefix)
    if not prefix and not np.isin(value_bytes(raw), _MARKS).any():
        return parse_id(raw)
    return parse_each(raw, lambda text: _joined(_parts(text), prefix), pa.string())


def _is_list(kind: pa.DataType) -> bool:
    return any(test(kind) for test in (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list))


def _parse_lists(raw: pa.Array, prefix: str) -> ParsedColumn:
    results: list[str | None] = []
    faults: dict[int, Fault] = {}
    for row, values in enumerate(raw.to_pylist()):
        try:
            results.append(_joined(map(_element, values or []), prefix))
        except BadValue as error:
            results.append(None)
            faults[row] = Fault.of(json.dumps(values, ensure_ascii=False, default=str), error.reason, error.remedy)
    return ParsedColumn(pa.array(results, pa.string()), faults)


def _parts(text: str) -> Iterable[str]:
    if text.startswith("[") and text.endswith("]"):
        return _json_parts(text)
    if LIST_SEPARATOR in text:
        return text.split(LIST_SEPARATOR)
    if _DOUBTFUL.search(text):
        several = LIST_SEPARATOR.join(part.strip(SPACES) for part in re.split("[,;]", text))
        raise BadValue("is one id or several", f'write "{several}"; one id is written "{text}{LIST_SEPARATOR}"')
    return [text]


def _json_parts(text: str) -> Iterable[str]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadValue("is no JSON list", 'write several ids as "a|b"') from error
    return [_element(value) for value in values]


def _element(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | str | bytes):
        raise BadValue("is a list of other things than ids", 'write several ids as "a|b"')
    try:
        text = value.decode() if isinstance(value, bytes) else str(value)
        text.encode()
    except UnicodeError as error:  # JSON can state half a character
        raise BadValue("is not UTF-8 text", SAVE_AS_UTF8) from error
    if LIST_SEPARATOR in text:
        raise BadValue(f"has an id that contains {LIST_SEPARATOR}, which joins lists of ids", "replace the character")
    return text


def _joined(parts: Iterable[str], prefix: str) -> str | None:
    stripped = (part.strip(SPACES) for part in parts)
    ids = sorted({ID.clean(f"{prefix}{part}") for part in stripped if part})
    joined = LIST_SEPARATOR.join(ids)
    if len(joined.encode()) > MAX_TEXT_BYTES:
        raise BadValue(f"is longer than {MAX_TEXT_BYTES:,} bytes", "name fewer ids")
    if len(ids) == 1 and _DOUBTFUL.search(joined):
        joined += LIST_SEPARATOR
    return joined or None
