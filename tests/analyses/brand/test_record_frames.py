from datetime import UTC, date, datetime

import pandas as pd
import pyarrow as pa
import pytest

import influence_graph as ig
from influence_graph.analyses.brand.record_frames import record_frame
from influence_graph.errors import InputError
from influence_graph.model.records import CAMPAIGNS, PEOPLE, SALES


def test_each_field_has_its_type_whatever_the_frame_held():
    sales = {"brand": [5.0], "date": ["2026-01-02"], "value": ["7"], "color": ["red"]}
    assert record_frame(sales, SALES, ("brand",)).to_dict("list") == {
        "brand": ["5"],
        "date": [date(2026, 1, 2)],
        "value": [7.0],
    }
    campaigns = [{"brand": "acme", "at": "2026-01-02T01:00:00+01:00"}]
    assert record_frame(campaigns, CAMPAIGNS, ("brand", "at"))["at"].tolist() == [datetime(2026, 1, 2, tzinfo=UTC)]


@pytest.mark.parametrize("days", [["2026-01-02"], pd.to_datetime(["2026-01-02T05:00"]), [date(2026, 1, 2)]])
def test_days_are_dates(days):
    frame = record_frame({"brand": ["acme"], "date": days, "value": [1]}, SALES, ())
    assert frame["date"].tolist() == [date(2026, 1, 2)]


def test_records_of_a_store_stay_as_they_are():
    table = pa.table({"id": ["ann", "bob"], "kind": ["influencer", None], "followers": [5, None]})
    pd.testing.assert_frame_equal(record_frame(table, PEOPLE, ("id",)), table.to_pandas())
    none = SALES.schema.empty_table()
    assert len(record_frame(none, SALES, SALES.required)) == 0
    assert record_frame({"brand": [], "date": [], "value": []}, SALES, ()).empty


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"people": {"name": ["ann"]}}, "the people have no column 'id'"),
        ({"people": {"id": ["ann"], "followers": ["many"]}}, r"followers of the people cannot be read: .*many"),
        ({"sales": {"brand": ["acme"], "date": ["02/01/2026"], "value": [1]}}, "write dates as 2026-11-21"),
        ({"sales": {"brand": ["acme"], "date": [1_700_000_000], "value": [1]}}, "date of the sales cannot be read"),
        ({"sales": {"brand": ["acme"], "date": ["2026-01-02"], "value": ["1,5"]}}, r"value of the sales .*1,5"),
        ({"campaigns": {"brand": ["acme"], "at": [date(2026, 1, 2)]}}, "'at' holds dates"),
        ({"ties": {"source": [True], "target": ["ann"]}}, "source: the id True is a truth value"),
        ({"audiences": {"acme": 3}}, "must be an Audiences"),
    ],
)
def test_records_that_cannot_be_read_are_refused_in_one_line(given, message):
    with pytest.raises(InputError, match=message) as caught:
        ig.BrandRecords(**given)
    assert "\n" not in str(caught.value)


def test_a_frame_in_place_of_the_records_is_refused():
    events = {"event_id": ["1"], "at": ["2026-05-01T20:00:00Z"], "consumer": ["ann"], "brand": ["acme"]}
    with pytest.raises(InputError, match="records is DataFrame, must be a BrandRecords"):
        ig.brand_view(events, "acme", records=pd.DataFrame({"id": ["ann"]}))
