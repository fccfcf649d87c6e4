from __future__ import annotations

import csv
import io
import json
import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.app.formats import FileFormat, write_file, write_frames
from influence_graph.errors import InputError

FRAME = pd.DataFrame(
    {
        "id": ["a", "=cmd|' /C calc'!A0", 'q"uote\nline'],
        "score": [0.1, -1e-17, None],
        "at": pd.to_datetime(["2026-01-01T00:00:00Z", "2026-06-01T12:30:00Z", None]),
    }
)


def written(format_: FileFormat, *frames: pd.DataFrame) -> str:
    stream = io.BytesIO()
    write_frames(frames, format_, stream)
    return stream.getvalue().decode()


def test_json_lines_hold_every_value_and_null_for_none() -> None:
    rows = [json.loads(line) for line in written(FileFormat.JSONL, FRAME).splitlines()]
    assert rows[0] == {"id": "a", "score": 0.1, "at": "2026-01-01T00:00:00Z"}
    assert rows[1]["id"] == "=cmd|' /C calc'!A0"
    assert rows[2] == {"id": 'q"uote\nline', "score": None, "at": None}


def test_json_is_one_array_over_several_frames() -> None:
    assert len(json.loads(written(FileFormat.JSON, FRAME, FRAME))) == 6
    assert json.loads(written(FileFormat.JSON, FRAME.head(0))) == []


def test_csv_has_one_header_and_disarms_formulas() -> None:
    text = written(FileFormat.CSV, FRAME, FRAME)
    assert text.count("id,score,at") == 1
    assert "'=cmd" in text
    assert pd.read_csv(io.StringIO(text))["score"].tolist()[:2] == [0.1, -1e-17]


def test_parquet_keeps_types(tmp_path: Path) -> None:
    assert write_file([FRAME, FRAME], tmp_path / "x.parquet") == 6
    back = pd.read_parquet(tmp_path / "x.parquet")
    assert back["id"].tolist() == FRAME["id"].tolist() * 2
    assert str(back["at"].dtype).endswith("UTC]")


def test_parquet_takes_the_types_of_the_schema_also_where_the_first_rows_are_null(tmp_path: Path) -> None:
    frames = [pd.DataFrame({"name": [None]}), pd.DataFrame({"name": ["ann"]})]
    write_file(frames, tmp_path / "x.parquet", pa.schema([("name", pa.string())]))
    assert pd.read_parquet(tmp_path / "x.parquet")["name"].tolist()[1] == "ann"


@pytest.mark.filterwarnings("error")
def test_attributes_of_a_frame_are_not_written(tmp_path: Path) -> None:
    frame = FRAME.copy()
    frame.attrs["as_of"] = object()
    write_file([frame], tmp_path / "x.parquet")
    assert pd.read_parquet(tmp_path / "x.parquet").attrs == {}


@pytest.mark.parametrize("number", [0.1 + 0.2, 1e-300, 2.0**0.5, 5e-324])
def test_text_formats_keep_every_digit(number: float) -> None:
    frame = pd.DataFrame({"x": [number, float("inf")]})
    assert [json.loads(line)["x"] for line in written(FileFormat.JSONL, frame).splitlines()] == [number, None]
    assert float(written(FileFormat.CSV, frame).splitlines()[1]) == number


def test_the_first_years_have_four_digits() -> None:
    frame = pd.DataFrame({"at": pd.array(["0007-01-02T03:04:05"], dtype="datetime64[us]")})
    assert json.loads(written(FileFormat.JSONL, frame)) == {"at": "0007-01-02T03:04:05Z"}


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old")

    def frames() -> object:
        yield FRAME
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="No space left"):
        write_file(frames(), target)  # type: ignore[arg-type]
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_unknown_suffix_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.xlsx.*\.parquet"):
        write_file([FRAME], tmp_path / "x.xlsx")


@pytest.mark.parametrize("text", ["bolt://x/", "\\/", "\\", "a\\\\/b", "</script>"])
def test_json_keeps_slashes_and_backslashes(text: str) -> None:
    line = written(FileFormat.JSONL, pd.DataFrame({"x": [text]}))
    assert json.loads(line) == {"x": text}
    assert "\\/" not in line.replace("\\\\", "")


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "text": st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=8)),
                "number": st.floats(allow_nan=False),
                "at": st.datetimes(datetime(1, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)),
            }
        ),
        min_size=1,
        max_size=5,
    )
)
def test_json_lines_are_read_again_as_they_were(rows: list[dict[str, object]]) -> None:
    frame = pd.DataFrame(rows).astype({"at": "datetime64[us, UTC]"})
    for row, line in zip(rows, written(FileFormat.JSONL, frame).removesuffix("\n").split("\n"), strict=True):
        found = json.loads(line)
        number = row["number"]
        assert isinstance(number, float)
        assert found["text"] == row["text"]
        assert found["number"] == (number if math.isfinite(number) else None)
        assert datetime.fromisoformat(found["at"]) == row["at"]


NESTED = pd.DataFrame(
    {
        "names": [["a", "b"], np.array(["c"]), None],
        "facts": [{"ratio": math.inf, "at": datetime(2026, 1, 1, tzinfo=UTC)}, None, math.nan],
        "mixed": [True, datetime(2026, 1, 1, tzinfo=UTC), math.inf],
        "yes": [True, False, True],
        "perhaps": pd.array([True, None, False], dtype="boolean"),
        "far": [math.inf, -math.inf, math.nan],
    }
)


def test_csv_has_no_value_as_python_writes_it() -> None:
    rows = list(csv.DictReader(io.StringIO(written(FileFormat.CSV, NESTED))))
    assert [row["names"] for row in rows] == ["a|b", "c", ""]
    assert [row["facts"] for row in rows] == ['{"ratio":null,"at":"2026-01-01T00:00:00+00:00"}', "", ""]
    assert [row["mixed"] for row in rows] == ["true", "2026-01-01T00:00:00+00:00", ""]
    assert [row["yes"] for row in rows] == ["true", "false", "true"]
    assert [row["perhaps"] for row in rows] == ["true", "", "false"]


@pytest.mark.parametrize("format_", [FileFormat.JSON, FileFormat.JSONL])
def test_json_is_taken_by_parsers_that_know_no_infinity(format_: FileFormat) -> None:
    text = written(format_, NESTED)
    rows = [json.loads(line, parse_constant=pytest.fail) for line in text.splitlines()] if format_ == "jsonl" else []
    rows = rows or json.loads(text, parse_constant=pytest.fail)
    assert rows[0]["facts"] == {"ratio": None, "at": "2026-01-01T00:00:00+00:00"}
    assert [row["far"] for row in rows] == [None, None, None]
    assert [row["names"] for row in rows] == [["a", "b"], ["c"], None]
