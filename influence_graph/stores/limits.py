"""What every store says of an answer that is more than its limits allow."""

from __future__ import annotations

from influence_graph.errors import InputError
from influence_graph.stores.base import QUERY_BYTES


def too_many_rows(max_rows: int) -> InputError:
    """Return the error of an answer with more than *max_rows* rows."""
    return InputError(f"the answer has more than {max_rows} rows", remedy="add a LIMIT, or raise --max-rows")


def too_many_bytes() -> InputError:
    """Return the error of an answer with more than ``QUERY_BYTES``."""
    return InputError(
        f"the answer has more than {QUERY_BYTES >> 20} MiB", remedy="ask for fewer or shorter values: add a LIMIT"
    )
