"""A world as records: the same world, valid, and the same bytes again."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from influence_graph.cli.main import main
from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.worlds import WorldParameters, generate_world
from influence_graph.model.records import KINDS
from tests.ingest.records import digest, require_validated, tables

SMALL = WorldParameters(people=600, seed=9, visits_per_person=5)


def test_the_same_parameters_give_the_same_bytes_and_another_seed_others() -> None:
    first, again, other = (digest(generate_world(WorldParameters(people=600, seed=seed))) for seed in (9, 9, 10))
    assert first == again
    assert first != other


def test_the_records_are_what_the_validator_would_have_made() -> None:
    batches = list(generate_world(SMALL).batches(batch_rows=5000))
    assert [name for name, _ in itertools.groupby(b.kind.name for b in batches)] == [k for k in KINDS if k != "sales"]
    assert max(batch.table.num_rows for batch in batches) == 5000
    require_validated(batches)


def test_the_records_hold_the_same_world_as_the_frames() -> None:
    world = generate_world(SMALL)
    found = {name: table.to_pandas() for name, table in tables(world.batches()).items()}
    given = (
        found["interactions"].drop(columns="item").rename(columns={"consumer": "user", "brand": "item", "at": "time"})
    )
    assert given["time"].is_monotonic_increasing
    columns = ["user", "item", "kind", "time"]
    stated = pd.concat([world.adoptions[columns].astype(str), world.activity[columns].astype(str)])
    pd.testing.assert_frame_equal(
        given[columns].astype(str).sort_values(columns, ignore_index=True),
        stated.sort_values(columns, ignore_index=True),
    )
    uses = given[given["kind"].isin(["purchase", "wear", "use"])]
    first = uses.groupby(["user", "item"])["time"].min()
    adopted = world.adoptions.astype({"user": str, "item": str}).set_index(["user", "item"])["time"]
    pd.testing.assert_series_equal(first.sort_index(), adopted.sort_index())
    columns = ["source", "target", "kind", "since"]
    pd.testing.assert_frame_equal(found["ties"][columns].astype(str), world.ties[columns].astype(str))
    assert found["people"]["style"].isna().all()
    assert found["people"]["followers"].tolist() == world.people["followers"].tolist()
    assert found["campaigns"]["event_id"].tolist() == [one["event_id"] for one in world.truth["campaigns"]]
    assert set(found["brands"].loc[found["brands"]["category"] == "shop", "id"]) >= set(
        given.loc[given["kind"] == "visit", "item"]
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"people": 499}, "people 499 is outside 500 to 1,000,000"),
        ({"people": 600.5}, "people 600.5 is not a whole number"),
        ({"items": 19}, "items"),
        ({"days": 20_001}, "days"),
        ({"seed": -1}, "seed"),
        ({"probability": 1.1}, "probability"),
        ({"probability": float("nan")}, "probability"),
        ({"reciprocity": 0.9}, "reciprocity"),
        ({"shortest_delay": 0.5}, "shortest_delay"),
        ({"shortest_delay": 50.0, "longest_delay": 40.0}, "longest_delay 40 is below shortest_delay 50"),
        ({"people": 1000, "influencers": 11}, "influencers 11 is outside 0 to 10"),
        ({"people": 1000, "trend_spotters": 11}, "trend_spotters"),
        ({"bots": -1}, "bots"),
        ({"shadows": 4}, "shadows"),
    ],
)
def test_a_parameter_outside_its_limits_is_refused_in_one_line(changes: dict[str, float], reason: str) -> None:
    with pytest.raises(InputError, match=reason) as refused:
        WorldParameters(**changes)
    assert refused.value.remedy
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "changes", [{"people": 500, "items": 20, "days": 180}, {"people": 500, "bots": 5, "shadows": 3}]
)
def test_the_smallest_worlds_can_be_made(changes: dict[str, int]) -> None:
    world = generate_world(WorldParameters(**changes))
    assert len(world.truth["influencers"]) == 2
    assert world.truth["counts"]["adoptions"] == len(world.adoptions) > 1000
    assert world.adoptions["time"].max() < pd.Timestamp(world.parameters.start, tz="UTC") + pd.Timedelta(
        world.parameters.days, "D"
    )


def test_one_command_makes_a_world_from_a_file_and_writes_its_truth(tmp_path: Path) -> None:
    (tmp_path / "hard.json").write_text('{"people": 5000, "influencers": 3, "probability": 0.3, "start": "2001-02-03"}')
    words = f"import world {tmp_path}/hard.json --people 600 --seed 4 --truth {tmp_path}/truth.json"
    made = CliRunner().invoke(main, [*words.split(), "--store", str(tmp_path / "store")])
    assert made.exit_code == 0, made.output
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert [truth["parameters"][name] for name in ("people", "seed", "probability", "start")] == [
        *(600, 4, 0.3),
        "2001-02-03",
    ]
    assert [one["style"] for one in truth["influencers"]] == ["active"] * 3 + ["silent"] * 3
    again = CliRunner().invoke(main, [*words.split(), "--store", str(tmp_path / "store")])
    assert "nothing changed" in again.output


def test_the_truth_of_a_town_is_written_and_that_of_other_sets_is_not_known(tmp_path: Path) -> None:
    options = ImportOptions(people=60, truth=tmp_path / "truth.json")
    for _ in IMPORTERS["town"].read(None, options):
        break
    assert json.loads((tmp_path / "truth.json").read_text())["parameters"]["people"] == 60
    with pytest.raises(InputError, match="no truth about story is known"):
        IMPORTERS["story"].read(None, options)
    with pytest.raises(InputError, match="prefix 'x' does not apply"):
        IMPORTERS["world"].read(None, ImportOptions(prefix="x"))
    with pytest.raises(InputError, match="nowhere"):
        IMPORTERS["world"].read(None, ImportOptions(people=500, truth=tmp_path / "nowhere" / "truth.json"))


@pytest.mark.parametrize("text", ["[]", '{"folk": 3}', '{"people": "many"}', '{"start": "soon"}'])
def test_a_file_that_has_no_parameters_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "parameters.json").write_text(text)
    with pytest.raises(UnreadableFile, match=r"parameters\.json") as refused:
        IMPORTERS["world"].read(tmp_path / "parameters.json", ImportOptions())
    assert refused.value.remedy
