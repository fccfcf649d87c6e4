"""The archive of a fusion state: whatever the pieces, the same events are found as by a search through all."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.fusion.archive import Archive, Segment, in_record_types
from influence_graph.analyses.interactions import columns
from tests.analyses.fusion.events import CONSUMERS, corrected_ledgers, frame, ledgers, quick


def segment(events: list[dict[str, Any]]) -> Segment:
    table = columns.as_table(frame(events))
    codes = np.array([CONSUMERS.index(event["consumer"]) for event in events], np.int32)
    return Segment(table, codes, hashes([event["event_id"] for event in events]))


def hashes(ids: list[str]) -> np.ndarray:
    return columns.sorted_hashes(pa.array(ids, pa.large_string()))


def cut(events: list[dict[str, Any]], places: list[int]) -> list[list[dict[str, Any]]]:
    ends = sorted({min(place, len(events)) for place in places} | {0, len(events)})
    return [events[a:b] for a, b in pairwise(ends)]


def archive(events: list[dict[str, Any]], places: list[int]) -> Archive:
    found = Archive()
    for part in cut(events, places):
        found = found.plus(segment(part))
    return found


def ids_of(table: pa.Table | None) -> list[str]:
    return [] if table is None else sorted(table.column("event_id").to_pylist())


cuts = st.lists(st.integers(0, 14), max_size=14)


@given(ledgers(), cuts)
@quick
def test_all_events_are_there_whatever_the_pieces(events, places):
    found = archive(events, places)
    assert len(found) == len(events)
    assert len(found.segments) <= 8
    assert ids_of(found.table()) == sorted(event["event_id"] for event in events)
    whole = in_record_types(columns.as_table(frame(events))).to_pandas().set_index("event_id").sort_index()
    pieces = found.table().to_pandas().set_index("event_id").sort_index()
    for name in pieces.columns:
        expected = whole[name] if name in whole else pd.Series(None, index=whole.index)
        assert [None if pd.isna(v) else v for v in pieces[name]] == [None if pd.isna(v) else v for v in expected]


@given(ledgers(), cuts, st.sets(st.integers(0, 20)))
@quick
def test_events_are_found_by_their_ids(events, places, wanted):
    found, names = archive(events, places), [f"e{number}" for number in sorted(wanted)]
    known = sorted(event["event_id"] for event in events if event["event_id"] in names)
    ids = pa.array(names, pa.large_string())
    assert ids_of(found.with_ids(ids)) == known
    owners = sorted(CONSUMERS.index(event["consumer"]) for event in events if event["event_id"] in names)
    assert sorted(found.consumers_of(ids).tolist()) == owners
    assert found.may_have(hashes(names)) >= bool(known)


@given(ledgers(), cuts, st.sets(st.sampled_from([0, 1, 7])))
@quick
def test_events_are_found_by_their_consumers(events, places, wanted):
    found = archive(events, places).of_consumers(np.array(sorted(wanted), np.int64))
    assert ids_of(found) == sorted(e["event_id"] for e in events if CONSUMERS.index(e["consumer"]) in wanted)


@given(corrected_ledgers(), cuts, st.sets(st.sampled_from([0, 1])))
@quick
def test_corrections_of_anybody_come_with_the_events_of_some(events, places, wanted):
    found = archive(events, places).of_consumers(np.array(sorted(wanted), np.int64))
    expected = sorted(
        e["event_id"] for e in events if CONSUMERS.index(e["consumer"]) in wanted or e.get("replaces") is not None
    )
    assert ids_of(found) == expected


def test_an_id_that_was_never_added_is_mostly_known_to_be_new():
    found = archive([{**_event(), "event_id": f"e{i}"} for i in range(200)], [50, 100])
    strangers = [f"x{i}" for i in range(200)]
    assert not any(found.may_have(hashes([name])) for name in strangers)
    assert all(found.may_have(hashes([f"e{i}"])) for i in range(200))
    assert not found.may_have(np.empty(0, np.uint64))
    assert not Archive().may_have(hashes(["e1"]))


def test_an_empty_archive_has_the_columns_of_the_record():
    assert Archive().table().num_rows == 0
    assert "event_id" in Archive().table().column_names
    assert Archive().with_ids(pa.array(["e1"], pa.large_string())) is None
    assert Archive().consumers_of(pa.array(["e1"], pa.large_string())).tolist() == []


def _event() -> dict[str, Any]:
    return {"at": "2026-01-01T00:00:00+00:00", "consumer": "annie", "brand": "nova", "points": 1.0}
