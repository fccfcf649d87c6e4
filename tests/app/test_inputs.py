"""Small tables beside the store: ids stay text, and what cannot be used is named."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from influence_graph.app.inputs import read_columns, read_numbers
from influence_graph.app.jobs.learn import LearnRequest, learn
from influence_graph.errors import InputError, UnreadableFile
from influence_graph.model.records import KINDS, Batch
from influence_graph.stores.embedded.store import EmbeddedStore


def write(tmp_path: Path, text: str, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_numbers_are_read_from_each_format_and_ids_stay_as_written(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"t.{suffix}"
    frame = pd.DataFrame({"id": ["007", "NA", "true"], "cost": [1.5, 2.0, 3.0]})
    if suffix == "csv":
        frame.to_csv(path, index=False)
    elif suffix == "jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        frame.to_parquet(path)
    assert read_numbers(path, "cost") == {"007": 1.5, "NA": 2.0, "true": 3.0}


def test_a_column_that_may_be_missing_has_its_default(tmp_path: Path) -> None:
    path = write(tmp_path, "id\nann\nbob\n")
    assert read_numbers(path, "weight", default=1.0) == {"ann": 1.0, "bob": 1.0}
    with pytest.raises(InputError, match="no column 'weight'"):
        read_numbers(path, "weight")


def test_columns_come_in_the_order_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, "time,item,extra,user\n5,x,1,ann\n")
    assert read_columns(path, ["user", "item"], ["time"]).to_numpy().tolist() == [["ann", "x", 5]]


BAD = {
    "twice": ("id,cost\nann,1\nann,2\n", InputError, "names 'ann' twice"),
    "no value": ("id,cost\nann,1\nbob,\n", InputError, "record 2 has no cost"),
    "no id": ("id,cost\n,1\n", InputError, "record 1 has no id"),
    "words": ("id,cost\nann,1\nbob,dear\n", InputError, "the cost of 'bob' is 'dear', no number"),
    "header only": ("id,cost\n", InputError, "no record"),
    "nothing": ("", UnreadableFile, "no readable csv"),
    "a value too many": ("id,cost\nann,2,3\n", UnreadableFile, "Expected 2 columns, got 3"),
}


@pytest.mark.parametrize(("text", "error", "said"), BAD.values(), ids=BAD)
def test_a_table_that_cannot_be_used_is_refused_on_one_line(
    tmp_path: Path, text: str, error: type[InputError], said: str
) -> None:
    with pytest.raises(error, match=re.escape(said)) as caught:
        read_numbers(write(tmp_path, text), "cost")
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_an_unknown_ending_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_numbers(tmp_path / "nowhere.csv", "cost")
    with pytest.raises(InputError, match=r"suffix '\.txt'"):
        read_numbers(write(tmp_path, "id\n", "t.txt"), "cost")
    with pytest.raises(UnreadableFile, match="no readable jsonl"):
        read_numbers(write(tmp_path, "{", "t.jsonl"), "cost")


DAYS = 86_400.0


@pytest.mark.parametrize(
    ("first", "second", "delay"),
    [
        ("2026-01-01", "2026-01-03", 2 * DAYS),
        ("2026-01-01", "2026-01-02T13:00:00+01:00", 1.5 * DAYS),
        ("1.5", "4", 2.5),
    ],
)
def test_times_of_a_log_are_iso_8601_or_seconds(tmp_path: Path, first: str, second: str, delay: float) -> None:
    store = EmbeddedStore(tmp_path / "store")
    kind = KINDS["ties"]
    tie = {name: {"source": "bob", "target": "ann", "kind": "follows"}.get(name) for name in kind.names}
    store.append(kind, [Batch(kind, pa.Table.from_pylist([tie], schema=kind.schema), pa.array([0], pa.int64()))])
    log = write(tmp_path, f"user,item,time\nann,x,{first}\nbob,x,{second}\n")
    assert learn(store, LearnRequest(actions=log)).to_frame()["mean_delay"].tolist() == [delay]
