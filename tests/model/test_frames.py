"""What the columns of frames become; that each kind of frame is taken is shown in ``tests/test_frames.py``."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from influence_graph.errors import InputError
from influence_graph.model.frames import as_frame, as_table

NAMES = ("id", "at", "size", "tags")
AWARE, NAIVE = datetime(2024, 1, 1, 5, tzinfo=UTC), datetime(2024, 1, 1, 5)
OTHER = datetime(2024, 1, 1, 5, tzinfo=timezone(timedelta(hours=2)))


def table(data):
    return as_table(data, "things", NAMES, ("id",), ("id",))


def objects(*values):
    return pd.DataFrame({"id": range(len(values)), "at": pd.Series(values, dtype=object)})


def test_columns_come_in_the_order_of_the_names_without_others_and_metadata():
    found = table(pd.DataFrame({"size": [1], "color": [object()], "id": ["a"]}))
    assert found.column_names == ["id", "size"]
    assert not found.schema.metadata


def test_an_unknown_column_is_told_with_the_nearest_name():
    with pytest.raises(InputError, match="the things have no column 'id'; did you mean 'Id'"):
        table({"Id": ["a"], 7: [1]})
    with pytest.raises(InputError, match="its columns are weight, 7: rename one"):
        table({"weight": ["a"], 7: [1]})
    with pytest.raises(InputError, match="it is the index: pass `frame"):
        table(pd.DataFrame({"id": ["a"], "size": [1]}).set_index("id"))


@pytest.mark.parametrize("values", [(AWARE, NAIVE), (NAIVE, OTHER), (date(2024, 1, 1), NAIVE), (AWARE, None, NAIVE)])
def test_times_of_two_kinds_are_refused_where_arrow_would_make_one_of_the_other(values):
    with pytest.raises(InputError, match="the column 'at' mixes"):
        table(objects(*values))


def test_times_of_two_zones_are_the_same_moments():
    found = table(objects(AWARE, OTHER, None, pd.NaT)).column("at")
    assert found.to_pylist() == [AWARE, OTHER, None, None]


def test_ids_of_two_types_are_read_unless_they_would_merge():
    assert table({"id": pd.Series(["ann", 7, 2**70], dtype=object)}).column("id").to_pylist() == [
        "ann",
        "7",
        f"{2**70}",
    ]
    with pytest.raises(InputError, match="id: the id '7' is given as a number and as text"):
        table({"id": pd.Series(["7", 7], dtype=object)})
    with pytest.raises(InputError, match="id: the id .* at position 0 is no text"):
        table({"id": pd.Series(["\ud800", "a"], dtype=object)})


def test_a_column_of_two_types_is_named():
    with pytest.raises(InputError, match="the column 'size' mixes types") as caught:
        table({"id": ["a", "b"], "size": [1, "b"]})
    assert "\n" not in str(caught.value)


def test_records_may_lack_keys_and_keep_large_numbers():
    found = table([{"id": 2**60 + 1, "size": 1}, {"id": 5, "tags": ["x"]}])
    assert found.to_pydict() == {"id": [f"{2**60 + 1}", "5"], "size": [1, None], "tags": [None, ["x"]]}
    frame = as_frame([{"id": 1, "size": 2}, {"id": 3, "size": 4}], "things", NAMES, ("id",))
    assert frame.dtypes.astype(str).to_dict() == {"id": "int64", "size": "int64"}


def test_integers_with_gaps_stay_integers_in_pandas():
    frame = as_frame(pa.table({"id": [2**60 + 1, None]}), "things", NAMES, ("id",))
    assert frame["id"].tolist() == [2**60 + 1, None]


LISTS = [["a", "b"], None, ["c", "d"]]
LAYOUTS = {
    "list": pa.list_(pa.string()),
    "large list": pa.large_list(pa.large_string()),
    "fixed size": pa.list_(pa.string(), 2),
    "view": pa.list_view(pa.string_view()),
    "large view": pa.large_list_view(pa.string()),
    "dictionary": pa.list_(pa.dictionary(pa.int8(), pa.string())),
}


@pytest.mark.parametrize("type_", LAYOUTS.values(), ids=LAYOUTS)
def test_lists_of_any_layout_are_plain_lists(type_):
    found = table(pa.table({"id": ["1", "2", "3"], "tags": pa.array(LISTS, type_)})).column("tags")
    assert pa.types.is_large_list(found.type)
    assert found.to_pylist() == LISTS


def test_arrays_within_a_column_are_lists():
    arrays = pd.Series([np.array(["a"]), np.array([]), None, ["b"]], dtype=object)
    assert table({"id": range(4), "tags": arrays}).column("tags").to_pylist() == [["a"], [], None, ["b"]]


@pytest.mark.parametrize(
    "held",
    [
        pa.array(["a", None, "b"], pa.string_view()),
        pa.DictionaryArray.from_arrays(pa.array([0, None, 1], pa.uint32()), pa.array(["a", "b"], pa.string_view())),
        pa.array(["a", None, "b"], pa.dictionary(pa.uint8(), pa.string())),
        pc.run_end_encode(pa.array(["a", None, "b"])),
    ],
    ids=["view", "dictionary of views", "unsigned indices", "runs"],
)
def test_texts_of_any_layout_are_texts(held):
    found = table(pa.table({"id": ["1", "2", "3"], "at": held})).column("at")
    assert found.to_pylist() == ["a", None, "b"]
    indices = [chunk.indices.type for chunk in found.chunks if pa.types.is_dictionary(found.type)]
    assert all(pa.types.is_signed_integer(each) for each in indices)


def test_a_dictionary_of_other_values_is_these_values():
    found = table(pa.table({"id": ["1", "2"], "size": pa.array([1.5, 2.5]).dictionary_encode()}))
    assert found.column("size").type == pa.float64()


def test_a_source_that_fails_is_told_in_one_line():
    class Failing:
        def collect(self):
            message = "no\nrows"
            raise RuntimeError(message)

    with pytest.raises(InputError, match="the things cannot be read: RuntimeError: no") as caught:
        table(Failing())
    assert "\n" not in str(caught.value)


def test_a_plan_that_gives_no_frame_is_refused():
    class Rows:
        def collect(self):
            return [("a",)]

    with pytest.raises(InputError, match="the things are of type list"):
        table(Rows())
