"""Values as JSON has them."""

import json
import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from influence_graph.model.graph import GraphKind
from influence_graph.model.json_values import json_text, json_value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (math.inf, None),
        (np.float64(math.nan), None),
        (np.int32(3), 3),
        (np.bool_(True), True),
        (np.array([1.0, -math.inf]), [1.0, None]),
        ({1: (2, {"b", "a"})}, {"1": [2, ["a", "b"]]}),
        (date(2026, 1, 2), "2026-01-02"),
        (pd.Timestamp(datetime(2026, 1, 2, tzinfo=UTC)), "2026-01-02T00:00:00+00:00"),
        (timedelta(minutes=1), 60.0),
        (pd.NaT, None),
        (pd.NA, None),
        (GraphKind.TIES, "ties"),
        (Path("a/b"), "a/b"),
    ],
)
def test_any_value_has_a_form_in_json(value, expected):
    assert json_value(value) == expected
    assert json.loads(json.dumps(json_value(value), allow_nan=False)) == expected


def test_infinity_may_be_a_text_so_that_it_is_not_lost():
    text = json_text({"bound": math.inf, "low": [-math.inf, math.nan]}, sort_keys=True)
    assert json.loads(text, parse_constant=pytest.fail) == {"bound": "inf", "low": ["-inf", None]}
