from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.errors import InputError

NINE = datetime(2026, 5, 1, 9, tzinfo=UTC)


def events(rows=2, **changes):
    base = {
        "event_id": [f"e{i}" for i in range(rows)],
        "at": ["2026-05-01T09:00:00Z"] * rows,
        "consumer": ["annie"] * rows,
        "brand": ["nova"] * rows,
    }
    return pd.DataFrame({**base, **changes})


@pytest.mark.parametrize(
    "at",
    [
        ["2026-05-01T09:00:00Z"] * 2,
        ["2026-05-01T11:00:00+02:00", "2026-05-01 09:00:00.000+00:00"],
        [NINE, NINE.astimezone(timezone(timedelta(hours=2)))],
        pd.to_datetime(["2026-05-01T09:00:00Z"] * 2),
        pd.to_datetime(["2026-05-01T05:00:00"] * 2).tz_localize("America/New_York"),
    ],
)
def test_times_are_read_as_utc(at):
    ledger = read_ledger(events(at=at))
    assert set(ledger.at.tolist()) == {int(NINE.timestamp() * 1e6)}
    assert ledger.latest() == NINE


def test_arrow_times_of_any_unit_are_read():
    for unit in ("s", "ms", "us", "ns"):
        at = pa.array([NINE, NINE], pa.timestamp(unit, tz="UTC"))
        table = pa.Table.from_pandas(events()).set_column(1, "at", at)
        assert read_ledger(table).latest() == NINE


def test_known_is_the_time_of_recording_or_else_of_happening():
    ledger = read_ledger(events(recorded_at=["2026-05-02T09:00:00Z", None]))
    assert (ledger.known - ledger.at).tolist() == [86_400_000_000, 0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"at": ["2026-05-01T09:00:00"] * 2}, "'2026-05-01T09:00:00' in 'at' has no zone"),
        ({"at": ["2026-05-01"] * 2}, "'2026-05-01' in 'at' has no zone"),
        ({"at": pd.to_datetime(["2026-05-01"] * 2)}, "'at' have no zone"),
        ({"at": ["2026-02-30T09:00:00Z"] * 2}, "at: "),
        ({"at": ["2026-05-01T09:00:00Z", None]}, "1 events have no at"),
        ({"consumer": ["annie", None]}, "1 events have no consumer"),
        ({"event_id": ["e0", None]}, "1 events have no event_id"),
        ({"points": [1.0, np.inf]}, "points of event 'e1' is inf, must be finite"),
        ({"points": ["much", "1"]}, "points must be numbers"),
        ({"valence": [0.0, -1.5]}, "valence of event 'e1' is -1.5, must be from -1 to 1"),
        ({"weight": [1.0, -1.0]}, "weight of event 'e1' is -1.0, must be 0 or more"),
        ({"reach": [-5.0, 1.0]}, "reach of event 'e0' is -5.0"),
        ({"blame": [0.0, 2.0]}, "blame of event 'e1' is 2.0, must be from 0 to 1"),
        ({"direction": ["to_brand", "to_brnd"]}, "direction is 'to_brnd'; did you mean 'to_brand'"),
        ({"touchpoint": ["chat", "chat"]}, "touchpoint is 'chat'"),
        ({"consumer": ["7", 7]}, "consumer: the id '7' is given as a number and as text"),
        ({"event_id": ["e0", "e0"], "points": [1.0, 2.0]}, "'e0' stands for 2 different events"),
        ({"event_id": ["e0", "e0"], "brand": ["nova", "atlas"]}, "'e0' stands for 2 different events"),
    ],
)
def test_bad_values_are_refused_with_value_and_limit(changes, message):
    with pytest.raises(InputError) as caught:
        read_ledger(events(**changes))
    assert message in str(caught.value)
    assert caught.value.remedy


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match=r"no column 'brand'.*event_id, at, consumer"):
        read_ledger(events().drop(columns="brand"))


def test_the_same_event_twice_counts_once_also_with_its_brands_in_another_order():
    twice = events(event_id=["e0", "e0"], points=[3.0, 3.0], with_brands=["atlas|zest", "zest|atlas"])
    result = fusion_scores(twice).set_index("brand")["fusion_score"]
    assert result.to_dict() == {"nova": 3.0, "atlas": 0.375, "zest": 0.375}


def test_unknown_columns_are_left_aside():
    assert len(fusion_scores(events(colour=["red", "blue"]))) == 1


def test_numbers_as_ids_become_text():
    result = fusion_scores(events(event_id=[1, 2], consumer=[10, 9], brand=[1, 1]))
    assert result["consumer"].tolist() == ["10", "9"]


def test_a_brand_named_with_itself_or_twice_links_once():
    one = events(1, points=[4.0], with_brands=["nova| atlas |atlas||"])
    result = fusion_scores(one).set_index("brand")["fusion_score"]
    assert result.to_dict() == {"atlas": 1.0, "nova": 4.0}


def test_chunked_tables_and_repeated_dictionary_values_are_read():
    codes, names = pa.array([0, 1], pa.int32()), pa.array(["annie", "annie"])
    table = pa.Table.from_pandas(events()).set_column(2, "consumer", pa.DictionaryArray.from_arrays(codes, names))
    both = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    result = fusion_scores(both)
    assert (result["consumer"].tolist(), result["to_brand"].tolist()) == (["annie"], [2.0])


@pytest.mark.parametrize(
    ("as_of", "message"),
    [("yesterday", "is not a time"), (datetime(2026, 5, 1), "has no time zone")],
)
def test_as_of_needs_a_time_with_a_zone(as_of, message):
    with pytest.raises(InputError, match=message):
        fusion_scores(events(), as_of)
