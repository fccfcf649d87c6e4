from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from influence_graph.analyses.learning.log import action_log, actions_of, extended, window_seconds
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph
from tests.analyses.learning.logs import log_of

GRAPH = Graph.from_edges(["ann"], ["bob"])
AT = [datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2, 3)]
RECORDS = {
    "event_id": ["1", "2", "3"],
    "at": pa.array(AT, pa.timestamp("us", tz="UTC")),
    "consumer": pa.array(["ann", "bob", "ann"]).dictionary_encode(),
    "brand": pa.array(["hat", "hat", "tea"]).dictionary_encode(),
    "kind": ["bought", None, "named"],
    "direction": ["to_brand", "to_brand", "to_consumer"],
}


def test_actions_are_grouped_by_item_and_in_order_of_time_with_the_first_kept():
    rows = [("bob", "tea", 4.5), ("ann", "hat", 3), ("bob", "hat", 2), ("ann", "hat", 1)]
    log = action_log(GRAPH, log_of(*rows))
    assert log.items.tolist() == ["hat", "tea"]
    assert log.offsets.tolist() == [0, 2, 3]
    assert log.users.tolist() == [0, 1, 1]
    assert log.times.tolist() == [1.0, 2.0, 4.5]
    assert log.repeated == 1


def test_microseconds_survive_the_turn_into_float_seconds():
    late = [datetime(2026, 11, 21, 9, 0, 0, micro, tzinfo=UTC) for micro in (1, 2)]
    log = action_log(GRAPH, log_of(("ann", "hat", late[0]), ("bob", "hat", late[1])))
    assert log.times.tolist() == [0.0, 1e-6]


def test_some_items_can_be_taken_and_cut_at_a_time():
    log = action_log(GRAPH, log_of(("ann", 1, 1), ("bob", 1, 5), ("ann", 2, 2), ("bob", 3, 3), ("ann", 3, 9)))
    part = log.subset(pytest.importorskip("numpy").array([0, 2]), before=5.0)
    assert part.items.tolist() == ["1", "3"]
    assert part.offsets.tolist() == [0, 1, 2]
    assert part.users.tolist() == [0, 1]


def test_interactions_become_actions_of_consumers_on_brands():
    frame = actions_of(pa.table(RECORDS))
    assert frame["user"].tolist() == ["ann", "bob"]
    assert frame["item"].tolist() == ["hat", "hat"]
    assert [time.day for time in frame["time"]] == [1, 2]
    assert action_log(GRAPH, frame).times.tolist() == [0.0, 86400.0]


def test_an_item_can_be_a_brand_and_kind():
    assert actions_of(pa.table(RECORDS), "brand+kind")["item"].tolist() == ["hat bought", "hat"]
    without = pa.table(RECORDS).drop_columns(["kind", "direction"])
    assert actions_of(without)["item"].tolist() == ["hat", "hat", "tea"]
    with pytest.raises(InputError, match="no column 'kind'; use item='brand'"):
        actions_of(without, "brand+kind")
    with pytest.raises(InputError, match="item is 'shop', must be 'brand' or"):
        actions_of(without, "shop")


def test_an_item_can_be_one_that_records_name():
    named = {**RECORDS, "item": ["501", None, "green"]}
    frame = actions_of(pa.table(named), "brand+item")
    assert frame[["user", "item"]].values.tolist() == [["ann", "hat 501"]]
    assert frame.attrs["unnamed"] == 1  # the third is what the brand did
    for other in ("brand", "brand+kind"):
        pd.testing.assert_frame_equal(actions_of(pa.table(named), other), actions_of(pa.table(RECORDS), other))
    with pytest.raises(InputError, match="no column 'item'; use item='brand'"):
        actions_of(pa.table(RECORDS), "brand+item")


def test_a_window_can_be_a_numpy_time_span():
    assert window_seconds(np.timedelta64(90, "s")) == window_seconds(timedelta(seconds=90)) == 90.0


NUMBERED = Graph.from_edges(["1", "caf\u00e9"], ["2", "1"])
DAYS = [date(2024, 5, 1), date(2024, 5, 2), date(2024, 5, 4)]
FORMS = {
    "floats": ([1.0, 2.0, 1.0], DAYS),
    "integers": ([1, 2, 1], DAYS),
    "mixed": (pd.Series([1, "2", 1.0], dtype=object), DAYS),
    "bytes": ([b"1", b"2", b"1"], DAYS),
    "datetimes": (["1", "2", "1"], pd.Series([datetime(day.year, day.month, day.day) for day in DAYS], dtype=object)),
    "zones": (["1", "2", "1"], pd.Series(pd.to_datetime(DAYS).tz_localize("Asia/Tokyo"), dtype=object)),
    "numbers in objects": (["1", "2", "1"], pd.Series([0, 86_400, 3 * 86_400], dtype=object)),
}


@pytest.mark.parametrize(("users", "times"), FORMS.values(), ids=FORMS)
def test_users_and_times_of_any_type_are_those_of_text_and_seconds(users, times):
    log = action_log(NUMBERED, pd.DataFrame({"user": users, "item": ["x", "x", "y"], "time": times}))
    expected = action_log(NUMBERED, {"user": ["1", "2", "1"], "item": ["x", "x", "y"], "time": [0, 86_400, 3 * 86_400]})
    assert log.users.tolist() == expected.users.tolist()
    assert (log.times - log.times.min()).tolist() == expected.times.tolist()


def test_spellings_of_a_user_are_that_user_and_a_number_and_a_text_are_not():
    log = action_log(NUMBERED, {"user": ["cafe\u0301 "], "item": [1.0], "time": [1]})
    assert (log.unknown_users, log.items.tolist()) == (0, ["1"])
    with pytest.raises(InputError, match="user: the id '1' is given as a number and as text"):
        action_log(NUMBERED, pd.DataFrame({"user": pd.Series([1, "1"], dtype=object), "item": "x", "time": [1, 2]}))


def test_dates_among_times_are_refused():
    times = pd.Series([date(2024, 5, 1), datetime(2024, 5, 1, 9)], dtype=object)
    with pytest.raises(InputError, match="the column 'time' mixes dates and times without a zone"):
        action_log(NUMBERED, pd.DataFrame({"user": ["1", "2"], "item": "x", "time": times}))


def test_a_log_extended_is_the_log_of_all_actions():
    rng = np.random.default_rng(4)
    graph = Graph.from_edges([f"u{n}" for n in range(9)], [f"u{n}" for n in range(1, 10)])
    seconds = np.sort(rng.integers(0, 60, 80)) + rng.integers(0, 10**6, 80) / 1e6
    rows = pd.DataFrame(
        {
            "user": [f"u{n}" for n in rng.integers(0, 10, 80)],
            "item": [f"i{n}" for n in rng.permutation(np.repeat(np.arange(20), 4))],
            "time": pd.Timestamp("2026-11-01", tz="UTC") + pd.to_timedelta(seconds, "s"),
        }
    )
    for size in (1, 30, 79):
        some = rows.iloc[1:].sample(frac=1, random_state=size)  # the first row has the earliest time
        found = extended(action_log(graph, pd.concat([rows.iloc[:1], some.iloc[:size]])), graph, some.iloc[size:])
        whole = action_log(graph, rows)
        for name in ("offsets", "users", "times", "items"):
            assert getattr(found, name).tolist() == getattr(whole, name).tolist()
        assert (found.repeated, found.zero) == (whole.repeated, whole.zero)


@pytest.mark.parametrize(
    ("user", "day"), [("a stranger", 9), ("ann", 1)], ids=["of somebody unknown", "before all others"]
)
def test_what_a_log_cannot_be_extended_by(user, day):
    log = action_log(GRAPH, log_of(("ann", "hat", AT[1]), ("bob", "hat", AT[2])))
    assert extended(log, GRAPH, log_of((user, "hat", datetime(2026, 11, day, tzinfo=UTC)))) is None
    assert extended(action_log(GRAPH, log_of(("ann", "hat", 1))), GRAPH, log_of(("bob", "hat", AT[2]))) is None
