"""The digest of interactions: the same for the same values however they are held, another for any other."""

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given

from influence_graph.analyses.interactions import digest
from influence_graph.analyses.interactions.digest import digest_of
from tests.analyses.fusion.events import frame, ledgers, quick

EVENTS = pd.DataFrame(
    {
        "event_id": ["e1", "e2", "e3"],
        "at": pd.to_datetime(["2026-05-01T09:00:00Z", "2026-05-02T09:00:00Z", "2026-05-03T09:00:00Z"]),
        "consumer": ["annie", "june", "annie"],
        "brand": ["nova", "nova", "atlas"],
        "points": [1.0, None, -2.0],
        "kind": ["wear", None, ""],
    }
)
TABLE = pa.Table.from_pandas(EVENTS, preserve_index=False)


def with_column(name, values):
    return TABLE.set_column(TABLE.column_names.index(name), name, values)


HELD = {
    "a frame": EVENTS,
    "a frame with another index": EVENTS.set_index(pd.Index([7, 8, 9])),
    "a table in chunks": pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)]),
    "a slice of a longer table": pa.concat_tables([TABLE, TABLE]).combine_chunks().slice(3, 3),
    "dictionary ids": with_column("brand", TABLE["brand"].dictionary_encode()),
    "large texts": with_column("consumer", TABLE["consumer"].cast(pa.large_string())),
    "times as texts": EVENTS.assign(at=["2026-05-01T09:00:00Z", "2026-05-02T11:00:00+02:00", "2026-05-03T09:00:00Z"]),
    "times in seconds": with_column("at", TABLE["at"].cast(pa.timestamp("s", tz="UTC"))),
    "times of another zone": EVENTS.assign(at=EVENTS["at"].dt.tz_convert("America/New_York")),
    "another column": EVENTS.assign(color="red"),
    "a later field that no record has": EVENTS.assign(item=None),
    "whole numbers": with_column("points", pa.array([1, None, -2], pa.int32())),
}


@pytest.mark.parametrize("held", HELD.values(), ids=HELD)
def test_the_same_values_have_the_same_digest(held):
    assert digest_of(held) == digest_of(TABLE)


CHANGED = {
    "value": EVENTS.assign(points=[1.0, None, -2.5]),
    "null for 0": EVENTS.assign(points=[1.0, 0.0, -2.0]),
    "empty for null": EVENTS.assign(kind=["wear", "", ""]),
    "time": EVENTS.assign(at=EVENTS["at"] + pd.Timedelta("1us")),
    "order": EVENTS.iloc[::-1],
    "fewer rows": EVENTS.head(2),
    "column left out": EVENTS.drop(columns="kind"),
    "a later field that one record has": EVENTS.assign(item=["hat", None, None]),
}


@pytest.mark.parametrize("other", CHANGED.values(), ids=CHANGED)
def test_another_value_has_another_digest(other):
    assert digest_of(other) != digest_of(EVENTS)


def test_rows_are_hashed_in_parts_whatever_the_chunks(monkeypatch):
    monkeypatch.setattr(digest, "_ROWS", 2)
    assert digest_of(HELD["a table in chunks"]) == digest_of(EVENTS)


@quick
@given(ledgers())
def test_frames_and_tables_of_random_ledgers_agree(events):
    given_frame = frame(events)
    assert digest_of(given_frame) == digest_of(pa.Table.from_pandas(given_frame, preserve_index=False))
