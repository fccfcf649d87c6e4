"""One line of JSON to the texts of its fields: the slow path."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from influence_graph.ingest.faults import SAVE_AS_UTF8, BadValue, Fault
from influence_graph.ingest.readers.blocks import MAX_RECORD_BYTES
from influence_graph.model.records import FieldType

_ONE_OBJECT = "write one JSON object per line"
_NAMES = {bool: "true or false", list: "a list"}
_TEXTS = (FieldType.ID, FieldType.IDS, FieldType.TEXT, FieldType.CHOICE)


_Member = tuple[str, Any]


class _Members(list[_Member]):
    """The members of a JSON object in order, repeats included."""


class _Number(str):
    """A JSON number as written."""

    __slots__ = ()


_DECODER = json.JSONDecoder(object_pairs_hook=_Members, parse_int=_Number, parse_float=_Number, parse_constant=_Number)


def read_object(line: bytes, types: Mapping[str, FieldType]) -> tuple[dict[str, bytes], dict[str, Fault]]:
    """Return the fields of *line* named in *types* as UTF-8 text, and the faults of their JSON types.

    Numbers keep the digits they are written with. Null and absent fields are left out. The name of a field within
    an object is that of the object, a dot and its own; one within a list has its number, from 0, instead.

    Raises:
        BadValue: the line is not a JSON object, names a field twice, or is nested too deeply.
    """
    texts: dict[str, bytes] = {}
    faults: dict[str, Fault] = {}
    for name, value in _flattened(_members(line), _above(tuple(types))):
        if name not in types:
            continue
        if name in texts or name in faults:
            raise BadValue(f"the field {name!r} appears twice", "keep one of them")
        text = _text(value, types[name])
        if text is None:
            faults[name] = _wrong_type(value)
        else:
            texts[name] = text
    return texts, faults


@lru_cache(maxsize=16)
def _above(names: tuple[str, ...]) -> frozenset[str]:
    """Return what stands before a dot in *names*: what may hold the fields that they name."""
    return frozenset(name[:at] for name in names for at, char in enumerate(name) if char == ".")


def _flattened(members: Iterable[_Member], above: frozenset[str], before: str = "") -> Iterator[_Member]:
    """Yield *members* by their dotted names and, after each that is *above* a wanted one, those within it."""
    for key, value in members:
        name = f"{before}{key}"
        yield name, value
        if name in above and isinstance(value, list):
            inner = value if isinstance(value, _Members) else ((str(number), each) for number, each in enumerate(value))
            yield from _flattened(inner, above, f"{name}.")


def _text(value: object, type_: FieldType) -> bytes | None:
    """Return *value* as a CSV file would contain it, or None where its JSON type is wrong."""
    if value is None:
        return b""
    if isinstance(value, bool) and type_ is FieldType.TRUTH:
        return b"true" if value else b"false"
    if isinstance(value, list) and not isinstance(value, _Members) and type_ is FieldType.IDS:
        return _list_text(value)
    if not isinstance(value, str):
        return None
    if isinstance(value, _Number) and type_ in _TEXTS:
        whole = value.lstrip("-").isdigit()
        return (b"0" if value == "-0" else value.encode()) if whole else None
    # A lone surrogate becomes bytes that are not UTF-8, which are rejected later.
    return value.encode("utf-8", "surrogatepass")


def _list_text(values: list[Any]) -> bytes:
    """Return a list as JSON, its numbers as written."""
    members = (value if isinstance(value, _Number) else json.dumps(value) for value in values)
    return f"[{', '.join(members)}]".encode()


def _members(line: bytes) -> _Members:
    if len(line) > MAX_RECORD_BYTES:
        raise BadValue(f"the record is longer than {MAX_RECORD_BYTES:,} bytes", "shorten its fields")
    try:
        value = _DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadValue(f"is not UTF-8 text (byte {error.start + 1})", SAVE_AS_UTF8) from error
    except json.JSONDecodeError as error:
        raise BadValue(f"is not JSON: {error.msg} at character {error.pos + 1}", _ONE_OBJECT) from error
    except RecursionError as error:
        raise BadValue("is nested too deeply", "write a flat object of fields") from error
    if not isinstance(value, _Members):
        raise BadValue("is not a JSON object", _ONE_OBJECT)
    return value


def _wrong_type(value: object) -> Fault:
    if isinstance(value, _Number):
        return Fault.of(value, "is a number with a fraction, where text is expected", "put it in quotes")
    if isinstance(value, _Members):
        return Fault.of("{…}", "is an object", "write text or a number")
    name = _NAMES.get(type(value), type(value).__name__)
    shown = "[…]" if isinstance(value, list) else str(value).lower()
    return Fault.of(shown, f"is {name}", 'write text or a number; several ids are joined: "a|b"')
