"""The limits of an answer, and what every store says of one that is beyond them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from influence_graph.errors import InputError
from influence_graph.stores.base import QUERY_BYTES

LONGEST_SECONDS = 86_400.0
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
LONGEST_QUERY, DEEPEST_VALUE = 1_000_000, 100
"""Characters of a query, and levels of brackets in it and of lists and maps in a parameter, that a store is asked."""


def check_limits(timeout: float, max_rows: int) -> None:
    """Check the limits of an answer: 0 would mean "no limit" to a server.

    Raises:
        InputError: a limit is out of its own limits.
    """
    if not 0 < timeout <= LONGEST_SECONDS:
        raise InputError(f"a timeout of {timeout:g} s", remedy=f"give more than 0 s and at most {LONGEST_SECONDS:g} s")
    if max_rows < 1:
        raise InputError(f"at most {max_rows} rows", remedy="allow 1 row or more")


def check_query(text: str, parameters: Mapping[str, Any]) -> None:
    """Check that a query and its parameters can be sent at all.

    Raises:
        InputError: the text is too long or has characters that cannot be sent, or a parameter is nested too deeply.
    """
    if len(text) > LONGEST_QUERY:
        raise InputError(
            f"the query has {len(text):,} characters, the limit is {LONGEST_QUERY:,}", remedy="pass data as parameters"
        )
    place = next((at for at, char in enumerate(text) if char == "\0" or "\ud800" <= char <= "\udfff"), None)
    if place is not None:
        raise InputError(f"character {place + 1} of the query is no text", remedy="save it as UTF-8, without NUL")
    _check_brackets(text)
    for name, value in parameters.items():
        level = [value]
        for _ in range(DEEPEST_VALUE):
            level = [inner for each in level for inner in _within(each)]
        if level:
            raise InputError(
                f"the query parameter {name} is nested deeper than {DEEPEST_VALUE} levels", remedy="pass flat lists"
            )


def _check_brackets(text: str) -> None:
    """Refuse *text* with brackets nested so deeply that a parser takes minutes, or all of its stack."""
    depth = deepest = 0
    for char in re.findall(r"[(\[{)\]}]", _QUOTED.sub("", text)):
        depth += 1 if char in "([{" else -1
        deepest = max(deepest, depth)
    if deepest > DEEPEST_VALUE:
        raise InputError(
            f"the query is nested {deepest:,} brackets deep, the limit is {DEEPEST_VALUE}", remedy="nest it less"
        )


def _within(value: Any) -> Iterable[Any]:  # noqa: ANN401 - any parameter
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


def too_many_rows(max_rows: int) -> InputError:
    """Return the error of an answer with more than *max_rows* rows."""
    return InputError(f"the answer has more than {max_rows} rows", remedy="add a LIMIT, or raise --max-rows")


def too_many_bytes() -> InputError:
    """Return the error of an answer with more than ``QUERY_BYTES``."""
    return InputError(
        f"the answer has more than {QUERY_BYTES >> 20} MiB", remedy="ask for fewer or shorter values: add a LIMIT"
    )
