"""The limits of an answer, and what every store says of one that is beyond them."""

from __future__ import annotations

from influence_graph.errors import InputError
from influence_graph.stores.base import QUERY_BYTES

LONGEST_SECONDS = 86_400.0


def check_limits(timeout: float, max_rows: int) -> None:
    """Check the limits of an answer: 0 would mean "no limit" to a server.

    Raises:
        InputError: a limit is out of its own limits.
    """
    if not 0 < timeout <= LONGEST_SECONDS:
        raise InputError(f"a timeout of {timeout:g} s", remedy=f"give more than 0 s and at most {LONGEST_SECONDS:g} s")
    if max_rows < 1:
        raise InputError(f"at most {max_rows} rows", remedy="allow 1 row or more")


def too_many_rows(max_rows: int) -> InputError:
    """Return the error of an answer with more than *max_rows* rows."""
    return InputError(f"the answer has more than {max_rows} rows", remedy="add a LIMIT, or raise --max-rows")


def too_many_bytes() -> InputError:
    """Return the error of an answer with more than ``QUERY_BYTES``."""
    return InputError(
        f"the answer has more than {QUERY_BYTES >> 20} MiB", remedy="ask for fewer or shorter values: add a LIMIT"
    )
