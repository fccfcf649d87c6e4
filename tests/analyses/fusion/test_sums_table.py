import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given

from influence_graph.analyses.fusion.running_sums import RunningSums
from influence_graph.analyses.fusion.sums_table import SCHEMA, sums_of, table_of
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion.events import corrected_ledgers, frame, quick, with_rivals


def running(events, policy):
    return RunningSums.of(read_ledger(frame(events)), policy)


@quick
@given(corrected_ledgers(max_size=9), with_rivals)
def test_sums_survive_the_round_trip_bit_for_bit(events, policy):
    if not events:
        return
    sums = running(events, policy)
    again = sums_of(table_of(sums), policy)
    pd.testing.assert_frame_equal(again.frame(), sums.frame(), check_exact=True)
    assert table_of(again).equals(table_of(sums))
    assert again.reference == sums.reference


POLICY = FusionPolicy()
EVENTS = [
    {"event_id": "1", "at": "2026-05-01T00:00:00Z", "consumer": "ann", "brand": "x", "with_brands": "y", "points": 1.0},
    {"event_id": "2", "at": "2026-05-02T00:00:00Z", "consumer": "bob", "brand": "y", "replaces": "7", "points": 2.0},
]


@pytest.fixture
def table():
    return table_of(running(EVENTS, POLICY))


def with_list(table, name, values):
    """Return *table* with the list of column *name* replaced."""
    field = SCHEMA.field(name)
    return table.set_column(SCHEMA.get_field_index(name), field, pa.array([values], field.type))


ANN, BOB, CY = 0 << 32, 1 << 32, 2 << 32


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("consumers", ["ann"]),
        ("consumers", ["ann", "ann"]),
        ("consumers", ["ann", None]),
        ("consumers", None),
        ("brands", ["x"]),
        ("bond_key", [ANN, ANN + 1, CY + 1]),
        ("bond_key", [ANN, ANN + 1, BOB + 2]),
        ("bond_key", [-1, ANN + 1, BOB + 1]),
        ("bond_key", [ANN, ANN, BOB + 1]),
        ("bond_key", [BOB, ANN, ANN + 1]),
        ("bond_key", [ANN]),
        ("bond_value", [1.0]),
        ("bond_value", [1.0, None] * 3),
        ("link_other", [1, 5]),
        ("link_other", [-1, 0]),
        ("link_other", [1]),
        ("link_value", [1.0]),
        ("link_value", [1.0, -1.0]),
        ("link_value", [1.0, float("nan")]),
        ("last", [1]),
        ("linked", [True, False, True]),
        ("replaced", [None]),
        ("correcting", [None]),
        ("correcting", ["2", "3"]),
    ],
)
def test_a_table_that_no_sums_make_is_refused(table, name, values):
    assert sums_of(table, POLICY) is not None
    assert sums_of(with_list(table, name, values), POLICY) is None


def test_a_table_of_another_form_is_refused(table):
    assert sums_of(pa.table({"reference": [1]}), POLICY) is None
    assert sums_of(table.slice(0, 0), POLICY) is None
    assert sums_of(pa.concat_tables([table, table]), POLICY) is None
    assert sums_of(table, FusionPolicy(half_life_days={"engagement": 3.0})) is None
    empty = pa.array([np.iinfo(np.int64).min])
    assert sums_of(table.set_column(0, SCHEMA.field(0), empty), POLICY) is None


@pytest.mark.parametrize(("ends", "text"), [([0, 9, 6], b"annbob"), ([0, 3, 6], b"ann\xff\xfe\xfd")])
def test_texts_beyond_their_buffer_or_that_are_no_texts_are_refused(table, ends, text):
    offsets = pa.array(ends, pa.int64()).buffers()[1]
    texts = pa.LargeStringArray.from_buffers(2, offsets, pa.py_buffer(text))
    broken = pa.LargeListArray.from_arrays(pa.array([0, 2], pa.int64()), texts)
    assert sums_of(table.set_column(1, SCHEMA.field("consumers"), broken), POLICY) is None
