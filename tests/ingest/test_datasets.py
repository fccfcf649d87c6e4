"""The data sets that come with the project: found, unchanged, and telling the story."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.datasets import dataset_path
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.model.touchpoints import TouchpointTable
from tests.ingest.records import lift, tables


def test_a_data_set_that_is_not_shipped_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="atlantis"):
        dataset_path("atlantis")


def test_june_is_silent_and_still_worn_after_35_years_while_annie_broadcasts() -> None:
    found = {name: table.to_pandas() for name, table in tables(IMPORTERS["story"].read(None, ImportOptions())).items()}
    given, people = found["interactions"], found["people"].set_index("id")
    assert people.loc[["june", "annie"], "style"].tolist() == ["passive", "active"]
    hers = given[given["consumer"] == "june"]
    assert set(hers["kind"]) == {"wear"}
    assert set(hers["channel"]) == {"offline"}
    exposed = found["ties"].query("kind == 'exposed' and target == 'june'")["source"]
    followed = given[given["consumer"].isin(exposed) & given["brand"].isin(set(hers["brand"]))]
    assert followed["at"].dt.year.max() - hers["at"].dt.year.min() == 35
    assert (given.query("consumer == 'annie' and kind == 'recommend'")["reach"] == 48_200).sum() == 3
    assert given[["direction", "touchpoint"]].isna().all(axis=None)
    assert {TouchpointTable.load().rule(kind).direction for kind in given["kind"]} == {"to_brand", "to_consumer"}


@pytest.mark.parametrize(
    ("brand", "first", "days", "planted"), [("sweater", "2026-06-07", 7, 30), ("restaurant", "2026-06-14", 14, -36)]
)
def test_the_storys_events_show_in_its_sales(brand: str, first: str, days: int, planted: float) -> None:
    sales = tables(IMPORTERS["story"].read(None, ImportOptions()))["sales"].to_pandas()
    found, error = lift(sales, brand, "Riverton", pd.Timestamp(first), days)
    assert abs(found - planted) < 4 * error


def test_a_changed_story_is_refused_with_its_line(tmp_path: Path) -> None:
    for path in dataset_path("story").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    brands = tmp_path / "brands.csv"
    brands.write_text(brands.read_text() + ",nameless,\n")
    with pytest.raises(UnreadableFile, match=r"brands\.csv, line 9: id"):
        list(IMPORTERS["story"].read(tmp_path, ImportOptions()))
