"""A market as records: the same market, valid, and the same bytes again."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from influence_graph.cli.main import main
from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.markets import MarketParameters, generate_market
from influence_graph.model.records import KINDS
from tests.ingest.records import digest, require_validated, tables

SMALL = MarketParameters(people=300, segments=6, brands=4, days=200, seed=9, campaigns=8)


def test_the_same_parameters_give_the_same_bytes_and_another_seed_others() -> None:
    small = {"people": 300, "segments": 6, "brands": 4, "days": 200}
    first, again, other = (digest(generate_market(MarketParameters(**small, seed=seed))) for seed in (9, 9, 10))
    assert first == again
    assert first != other


def test_the_records_are_what_the_validator_would_have_made() -> None:
    batches = list(generate_market(SMALL).batches(batch_rows=1000))
    assert [name for name, _ in itertools.groupby(b.kind.name for b in batches)] == list(KINDS)
    assert max(batch.table.num_rows for batch in batches) == 1000
    require_validated(batches)


def test_the_records_hold_the_same_market_as_the_frames() -> None:
    made = generate_market(SMALL)
    found = {name: table.to_pandas() for name, table in tables(made.batches()).items()}
    keys = ["brand", "segment", "date"]
    sales = found["sales"].assign(date=pd.to_datetime(found["sales"]["date"]).astype("datetime64[s]"))
    pd.testing.assert_frame_equal(
        sales[[*keys, "value"]].astype({"brand": str, "segment": str}),
        made.sales.astype({"brand": str, "segment": str}),
        check_dtype=False,
    )
    home = found["people"].set_index("id")["city"]
    assert (home.to_numpy() == made.people["segment"].astype(str)).all()
    follows = found["interactions"]
    assert set(follows["kind"]) == {"follow"}
    assert follows["at"].is_monotonic_increasing
    counted = follows.groupby([follows["brand"], follows["consumer"].map(home), follows["at"].dt.date]).size()
    stated = made.follows[made.follows["value"] > 0].astype({"brand": str, "segment": str})
    stated = stated.set_index(["brand", "segment", stated["date"].dt.date.rename("day")])["value"]
    assert counted.sort_index().to_dict() == stated.sort_index().to_dict()
    campaigns = found["campaigns"]
    ids = [each for one in made.truth["campaigns"] for each in one["event_ids"]]
    assert campaigns["event_id"].tolist() == ids
    for one in made.truth["campaigns"]:
        mine = campaigns[campaigns["note"] == one["id"]]
        assert mine["event_id"].tolist() == one["event_ids"]
        assert mine["segment"].tolist() == one["segments"]
        assert set(mine["brand"]) == {one["brand"]}
        assert set(mine["at"].dt.strftime("%Y-%m-%d %H")) == {f"{one['date']} 12"}
    columns = ["source", "target", "kind"]
    pd.testing.assert_frame_equal(found["ties"][columns].astype(str), made.ties[columns].astype(str))
    assert (found["ties"]["since"] < pd.Timestamp(made.parameters.start, tz="UTC")).all()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"people": 99}, "people 99 is outside 100 to 1,000,000"),
        ({"people": 100.5}, "people 100.5 is not a whole number"),
        ({"segments": 1}, "segments 1 is outside 2 to 200"),
        ({"people": 200, "segments": 21}, "segments 21 is outside 2 to 20"),
        ({"brands": 1}, "brands"),
        ({"days": 119}, "days 119 is outside 120 to 3,650"),
        ({"seed": -1}, "seed"),
        ({"campaigns": -1}, "campaigns"),
        ({"repeated": 13}, "repeated 13 is outside 0 to 12"),
        ({"nothing": 1.5}, "nothing"),
        ({"smallest": 0.6}, "largest 0.5 is below smallest 0.6"),
        ({"largest": float("nan")}, "largest nan is outside"),
        ({"spillover": -0.1}, "spillover"),
        ({"strays": 0.5}, "strays"),
        ({"autocorrelation": 1.0}, "autocorrelation"),
        (
            {"brands": 1000, "days": 3650},
            "1,000 brands in 24 segments on 3,650 days are 87,600,000 sales, must be at most",
        ),
    ],
)
def test_a_parameter_outside_its_limits_is_refused_in_one_line(changes: dict[str, float], reason: str) -> None:
    with pytest.raises(InputError, match=reason) as refused:
        MarketParameters(**changes)
    assert refused.value.remedy
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"people": 100, "segments": 2, "brands": 2, "days": 120},
        {"people": 100, "segments": 10, "brands": 2, "repeated": 2, "campaigns": 3},
        {"people": 100, "segments": 2, "follows_per_person": 0.0, "counts": 1.0},
    ],
)
def test_the_smallest_markets_can_be_made(changes: dict[str, int]) -> None:
    made = generate_market(MarketParameters(**changes))
    assert np.isfinite(made.sold).all()
    assert made.truth["counts"]["sales"] == sum(b.table.num_rows for b in made.batches() if b.kind.name == "sales")


def test_one_command_makes_a_market_from_a_file_and_writes_its_truth(tmp_path: Path) -> None:
    (tmp_path / "hard.json").write_text('{"people": 300, "campaigns": 4, "start": "2024-02-03", "days": 300}')
    words = f"import market {tmp_path}/hard.json --segments 5 --brands 3 --days 150 --seed 4 --truth {tmp_path}/t.json"
    made = CliRunner().invoke(main, [*words.split(), "--store", str(tmp_path / "store")])
    assert made.exit_code == 0, made.output
    truth = json.loads((tmp_path / "t.json").read_text())
    names = ("people", "segments", "brands", "days", "seed", "campaigns", "start")
    assert [truth["parameters"][name] for name in names] == [300, 5, 3, 150, 4, 4, "2024-02-03"]
    assert len(truth["campaigns"]) == 4
    again = CliRunner().invoke(main, [*words.split(), "--store", str(tmp_path / "store")])
    assert "nothing changed" in again.output


def test_a_size_that_the_data_does_not_have_is_refused_in_one_line() -> None:
    for name, size in (("world", "segments"), ("world", "brands"), ("town", "segments")):
        with pytest.raises(InputError, match=f"the {name} has no {size}") as refused:
            IMPORTERS[name].read(None, ImportOptions(**{size: 5}))
        assert refused.value.remedy == f"leave --{size} out"
    with pytest.raises(InputError, match="prefix 'x' does not apply to the market"):
        IMPORTERS["market"].read(None, ImportOptions(prefix="x"))
    with pytest.raises(InputError, match="days 7 is outside"):
        IMPORTERS["market"].read(None, ImportOptions(days=7))


@pytest.mark.parametrize("name", ["segments", "brands", "days"])
def test_sizes_are_of_generated_data_alone(name: str) -> None:
    with pytest.raises(InputError, match=f"story has no {name}"):
        IMPORTERS["story"].read(None, ImportOptions(**{name: 5}))


def test_days_and_brands_are_taken_by_the_town_and_days_by_the_world() -> None:
    town = tables(IMPORTERS["town"].read(None, ImportOptions(people=60, brands=5, days=40)))
    sales = town["sales"].to_pandas()
    mine = sales[sales["brand"].str.fullmatch(r"b\d")]  # the others are of the story
    assert (mine["brand"].nunique(), mine["date"].nunique()) == (5, 40)
    world = tables(IMPORTERS["world"].read(None, ImportOptions(people=500, days=200)))
    spanned = world["interactions"]["at"].to_pandas()
    assert spanned.max() - spanned.min() <= pd.Timedelta(200, "D")


@pytest.mark.parametrize("text", ["[]", '{"folk": 3}', '{"people": "many"}', '{"start": "soon"}'])
def test_a_file_that_has_no_parameters_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "parameters.json").write_text(text)
    with pytest.raises(UnreadableFile, match=r"parameters\.json") as refused:
        IMPORTERS["market"].read(tmp_path / "parameters.json", ImportOptions())
    assert "\n" not in str(refused.value)
