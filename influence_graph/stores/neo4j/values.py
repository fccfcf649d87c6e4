"""Plain Python in and out of Cypher queries."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import neo4j
from neo4j import graph
from neo4j.time import Date, DateTime, Duration, Time

from influence_graph.errors import InputError

_INT64 = 2**63
_SHOWN_BYTES = 32


def _digits(value: bytes) -> str:
    """Return *value* in hexadecimal digits, of a long one its beginning and its length."""
    if len(value) <= _SHOWN_BYTES:
        return value.hex()
    return f"{value[:_SHOWN_BYTES].hex()}… ({len(value):,} bytes)"


def plain(value: Any) -> Any:  # noqa: ANN401 - any Cypher value
    """Return *value* as plain Python: nodes, relationships and paths become dicts, times datetimes, bytes text."""
    for types, convert in _CONVERTERS.items():  # first: nodes and relationships are mappings too
        if isinstance(value, types):
            return convert(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


_CONVERTERS: dict[Any, Callable[[Any], Any]] = {
    graph.Node: lambda node: {"labels": sorted(node.labels), "properties": plain(dict(node))},
    graph.Relationship: lambda tie: {"type": tie.type, "properties": plain(dict(tie))},
    graph.Path: lambda path: {
        "nodes": [plain(node) for node in path.nodes],
        "relationships": [plain(tie) for tie in path.relationships],
    },
    (DateTime, Date, Time): lambda value: value.to_native(),
    Duration: lambda value: value.iso_format(),
    neo4j.spatial.Point: list,
    (bytes, bytearray): _digits,
}


def size(value: Any) -> int:  # noqa: ANN401 - any plain value
    """Return the bytes of a plain *value*, about: texts by their characters, everything else 8."""
    if isinstance(value, Mapping):
        return sum(len(str(key)) + size(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return 8 + sum(map(size, value))
    return len(value) if isinstance(value, (str, bytes)) else 8


def check_parameter(name: str, value: Any) -> None:  # noqa: ANN401 - anything a caller may pass
    """Check that *value* can be sent as the query parameter *name*.

    Raises:
        InputError: it is of another type, out of range, or not finite.
    """
    if isinstance(value, (list, tuple)):
        for item in value:
            check_parameter(name, item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            check_parameter(name, str(key))
            check_parameter(name, item)
    elif not _can_be_sent(value):
        raise InputError(
            f"the query parameter {name} has the value {value!r}",
            remedy="use text without NUL or broken characters, finite numbers, 64-bit integers, times, lists or maps",
        )


def _can_be_sent(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return -_INT64 <= value < _INT64
    return value is None or isinstance(value, (date, datetime, time, timedelta))
