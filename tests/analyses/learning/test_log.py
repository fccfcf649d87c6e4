from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from influence_graph.analyses.learning.log import action_log, actions_of, window_seconds
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


def test_a_window_can_be_a_numpy_time_span():
    assert window_seconds(np.timedelta64(90, "s")) == window_seconds(timedelta(seconds=90)) == 90.0
