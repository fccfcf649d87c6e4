"""How long records reach, and whether they are dated."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from influence_graph.analyses.interactions.ledger import to_micros
from influence_graph.analyses.interactions.span import span_of

START = datetime(2026, 1, 1, tzinfo=UTC)


def at_days(*days):
    return np.array([to_micros(START + timedelta(days=day)) for day in days], np.int64)


@pytest.mark.parametrize(
    ("days", "until", "needed", "reason"),
    [
        ((0, 40), 40, 30, ""),
        ((0, 5), 30, 30, ""),
        ((0, 7.9), 7.9, 30, "not on record: the records cover 8 days"),
        ((0, 1.1), 1.1, 30, "not on record: the records cover 1 day"),
        ((0, 0.1), 0.1, 30, "not on record: the records cover less than a day"),
        ((0, 29.9), 29.9, 30, "not on record: the records cover less than 30 days"),
        ((0, 0, 0), 400, 30, "not on record: all 3 records bear the same time"),
        ((0, 0, 9), 5, 0, "not on record: all 2 records bear the same time"),  # the third is still to come
        ((0,), 400, 30, ""),
        ((), 400, 0, ""),
    ],
)
def test_what_the_records_do_not_cover_is_said(days, until, needed, reason):
    span = span_of(at_days(*days), START + timedelta(days=until))
    assert span.lacks(timedelta(days=needed)) == reason
