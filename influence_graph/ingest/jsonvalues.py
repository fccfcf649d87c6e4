"""One line of JSON to the texts of its fields: the careful way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from influence_graph.ingest.blocks import MAX_RECORD_BYTES
from influence_graph.ingest.faults import BadValue, Fault
from influence_graph.model.records import FieldType

_ONE_OBJECT = "write one JSON object per line"
_NAMES = {bool: "true or false", list: "a list"}
_TEXTS = (FieldType.ID, FieldType.IDS, FieldType.TEXT, FieldType.CHOICE)


class _Members(list[tuple[str, Any]]):
    """The members of a JSON object in order, repeats included."""


class _Fraction(str):
    """A JSON number with a fraction or an exponent, as written."""

    __slots__ = ()


def _integer(text: str) -> str:
    return "0" if text == "-0" else text


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Members, parse_int=_integer, parse_float=_Fraction, parse_constant=_Fraction
)


def read_object(line: bytes, types: Mapping[str, FieldType]) -> tuple[dict[str, bytes], dict[str, Fault]]:
    """Return the fields of *line* named in *types* as UTF-8 text, and the faults of their JSON types.

    Numbers keep the digits they are written with. Null and absent fields are left out.

    Raises:
        BadValue: the line is no JSON object, names a field twice, or is nested too deeply.
    """
    texts: dict[str, bytes] = {}
    faults: dict[str, Fault] = {}
    for name, value in _members(line):
        if name not in types:
            continue
        if name in texts or name in faults:
            raise BadValue(f"the field {name!r} stands there twice", "leave one of them")
        if value is None:
            # Kept as empty text, which means the same, so that a repeat is seen.
            texts[name] = b""
        elif isinstance(value, str) and not (isinstance(value, _Fraction) and types[name] in _TEXTS):
            # A lone surrogate becomes bytes that are no UTF-8, and is rejected as such later.
            texts[name] = value.encode("utf-8", "surrogatepass")
        else:
            faults[name] = _wrong_type(value)
    return texts, faults


def _members(line: bytes) -> _Members:
    if len(line) > MAX_RECORD_BYTES:
        raise BadValue(f"the record is longer than {MAX_RECORD_BYTES:,} bytes", "shorten its fields")
    try:
        value = _DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadValue(f"is not UTF-8 text (byte {error.start + 1})", "save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise BadValue(f"is not JSON: {error.msg} at character {error.pos + 1}", _ONE_OBJECT) from error
    except RecursionError as error:
        raise BadValue("is nested too deeply", "write a flat object of fields") from error
    if not isinstance(value, _Members):
        raise BadValue("is not a JSON object", _ONE_OBJECT)
    return value


def _wrong_type(value: object) -> Fault:
    if isinstance(value, _Fraction):
        return Fault.of(value, "is a number with a fraction where text is expected", "put it in quotes")
    if isinstance(value, _Members):
        return Fault.of("{…}", "is an object", "write text or a number")
    name = _NAMES.get(type(value), type(value).__name__)
    shown = "[…]" if isinstance(value, list) else str(value).lower()
    return Fault.of(shown, f"is {name}", 'write text or a number; several ids are joined: "a|b"')
