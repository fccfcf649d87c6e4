"""The generated town: sizes, determinism, and planted truth found again in the records alone."""

from __future__ import annotations

import itertools
import json
import runpy
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner

from influence_graph.analyses.fusion.explain import explain
from influence_graph.errors import InfluenceGraphError, InputError, UnreadableFile
from influence_graph.ingest.datasets import dataset_path
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.importers.town import read_parameters
from influence_graph.ingest.source import open_source
from influence_graph.ingest.town import Town, TownParameters, generate_town
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import KINDS
from influence_graph.model.touchpoints import TouchpointTable
from tests.ingest.records import lift, tables

BROADCASTS = ("recommend", "mention", "review")


@pytest.fixture(scope="module")
def town() -> Town:
    return generate_town(TownParameters(people=6000, brands=24, seed=5, story=False))


@pytest.fixture(scope="module")
def records(town: Town) -> dict[str, pd.DataFrame]:
    return {name: table.to_pandas() for name, table in tables(town.batches()).items()}


@pytest.fixture(scope="module")
def adoptions(town: Town, records: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """First uses according to the records: the earliest event of each consumer and brand, in days."""
    given = records["interactions"]
    first = given.groupby(["consumer", "brand"])["at"].min().reset_index()
    first["day"] = (first["at"] - pd.Timestamp(town.parameters.start, tz="UTC")).dt.total_seconds() / 86_400
    return first


def follow_up(adoptions: pd.DataFrame, leaders: dict[str, list[str]], last_day: float) -> np.ndarray:
    """Return rates of adoption within 30 days after a leader: of the leader's brands, and of others as placebo.

    The second row holds the numbers of chances, of people who had not adopted the brand by then.
    """
    day = adoptions.set_index(["consumer", "brand"])["day"].to_dict()
    brands = sorted(set(adoptions["brand"]))
    chances, taken = np.zeros(2), np.zeros(2)
    for leader, moved in leaders.items():
        own = adoptions[(adoptions["consumer"] == leader) & (adoptions["day"] < last_day)]
        others = [brand for brand in brands if brand not in set(own["brand"])]
        for brand, other, start in zip(own["brand"], others, own["day"], strict=False):
            for placebo, which in enumerate((brand, other)):
                open_ = [when for when in (day.get((person, which), np.inf) for person in moved) if when > start]
                chances[placebo] += len(open_)
                taken[placebo] += sum(when <= start + 30 for when in open_)
    return np.array([taken / chances, chances])


@pytest.mark.parametrize("style", ["active", "passive"])
def test_those_who_see_an_influencer_adopt_as_often_as_was_planted(
    town: Town, adoptions: pd.DataFrame, style: str
) -> None:
    influencers = [one for one in town.truth["influencers"] if one["style"] == style]
    assert len(influencers) == town.parameters.planted
    leaders = {one["id"]: one["can_influence"] for one in influencers}
    (rate, background), (chances, _) = follow_up(adoptions, leaders, town.parameters.days - 30)
    planted = influencers[0]["probability"] * (1 - np.exp(-30 / influencers[0]["mean_delay_days"]))
    expected = planted + (1 - planted) * background
    assert background < 0.1
    assert abs(rate - expected) < 4 * np.sqrt(expected * (1 - expected) / chances) + 0.01


def test_those_who_see_a_decoy_do_not_follow(
    town: Town, adoptions: pd.DataFrame, records: dict[str, pd.DataFrame]
) -> None:
    exposed = records["ties"][records["ties"]["kind"] == "exposed"].groupby("target")["source"].agg(list)
    planted = {one["id"] for one in town.truth["influencers"]}
    leaders = {person: seen_by for person, seen_by in exposed.items() if person not in planted}
    assert len(leaders) > 10
    (rate, background), (chances, _) = follow_up(adoptions, leaders, town.parameters.days - 30)
    expected = background + town.parameters.ordinary_probability
    assert abs(rate - expected) < 4 * np.sqrt(expected / chances) + 0.03  # homophily adds to the decoy's own brands


def test_silent_influencers_never_broadcast_and_active_ones_tell_of_every_adoption(
    town: Town, records: dict[str, pd.DataFrame]
) -> None:
    given = records["interactions"]
    recommended = given[given["kind"].isin(BROADCASTS)].groupby("consumer").size()
    table = TouchpointTable.load()
    to_brand = [table.rule(kind).direction == "to_brand" for kind in given["kind"]]
    adopted = given[to_brand].groupby("consumer")["brand"].nunique()
    for one in town.truth["influencers"]:
        assert recommended.get(one["id"], 0) == one["broadcasts"]
        if one["style"] == "passive":
            assert one["broadcasts"] == 0
            assert given.loc[given["consumer"] == one["id"], "reach"].isna().all()
        else:
            assert one["broadcasts"] >= adopted[one["id"]] - 1  # the last one may fall after the last day
    assert sum(one["caused_adoptions"] for one in town.truth["influencers"] if one["style"] == "passive") > 500


def test_influencers_are_not_declared_in_the_records(records: dict[str, pd.DataFrame]) -> None:
    assert set(records["people"]["kind"]) == {"consumer"}
    assert records["people"]["style"].isna().all()


def test_most_followed_people_are_not_all_influencers(town: Town, records: dict[str, pd.DataFrame]) -> None:
    top = set(records["people"].nlargest(20, "followers")["id"])
    assert top - {one["id"] for one in town.truth["influencers"]}


def test_neighbours_look_alike_without_influence() -> None:
    town = generate_town(TownParameters(people=4000, influencers=0, ordinary_probability=0.0, seed=2, story=False))
    assert town.truth["influencers"] == []
    assert town.truth["counts"]["caused_adoptions"] == 0
    found = {name: table.to_pandas() for name, table in tables(town.batches()).items()}
    brands = found["interactions"].groupby("consumer")["brand"].agg(set).to_dict()
    friends = found["ties"].loc[found["ties"]["kind"] == "friend", ["source", "target"]].to_numpy()
    strangers = np.random.default_rng(0).permutation(friends[:, 1])

    def shared(left: np.ndarray, right: np.ndarray) -> float:
        return float(
            np.mean([bool(brands.get(a, set()) & brands.get(b, set())) for a, b in zip(left, right, strict=True)])
        )

    assert shared(*friends.T) > shared(friends[:, 0], strangers) + 0.03


@pytest.mark.parametrize("kind", ["giveaway", "live_chat", "free_trial", "fast_delivery"])
def test_responses_raise_recommendations_by_what_was_planted(
    town: Town, records: dict[str, pd.DataFrame], adoptions: pd.DataFrame, kind: str
) -> None:
    given = records["interactions"]
    planted = {one["id"] for one in town.truth["influencers"]}
    early = adoptions[(adoptions["day"] < town.parameters.days - 30) & ~adoptions["consumer"].isin(planted)]
    bonds = early.set_index(["consumer", "brand"])
    by_kind = {k: pd.MultiIndex.from_frame(part[["consumer", "brand"]]) for k, part in given.groupby("kind")}
    answered = bonds.index.isin(by_kind[kind])
    left_alone = ~np.logical_or.reduce([bonds.index.isin(by_kind[k]) for k in town.truth["recommend"]["raised_by"]])
    recommended = bonds.index.isin(by_kind["recommend"])
    base, raised = recommended[left_alone].mean(), recommended[answered].mean()
    error = np.sqrt(raised * (1 - raised) / answered.sum() + base * (1 - base) / left_alone.sum())
    assert abs(base - town.truth["recommend"]["base_probability"]) < 0.01
    assert abs(raised - base - town.truth["recommend"]["raised_by"][kind]) < 4 * error


def test_the_lift_of_every_concert_is_recovered_within_its_error(town: Town, records: dict[str, pd.DataFrame]) -> None:
    assert len(town.truth["concerts"]) == 3
    for concert in town.truth["concerts"]:
        found, error = lift(
            records["sales"], concert["brand"], concert["segment"], pd.Timestamp(concert["first_day"]), concert["days"]
        )
        assert abs(found - concert["per_day"]) < 4 * error
        assert found > 4 * error


@pytest.mark.parametrize(("people", "brands"), [(10, 4), (1000, 24), (20_000, 300)])
def test_a_town_of_any_size_has_the_counts_of_its_parameters(people: int, brands: int) -> None:
    town = generate_town(TownParameters(people=people, brands=brands, story=False))
    found = {name: table.num_rows for name, table in tables(town.batches(batch_rows=5000)).items()}
    assert found["people"] == people
    assert found["brands"] == brands
    assert found["interactions"] == town.truth["counts"]["interactions"] == people * 10
    assert found["sales"] == brands * 4 * 120
    assert (3 if people == 10 else 8) < found["ties"] / people < 10  # in ten people many choices coincide


def test_brands_and_followers_have_heavy_tails() -> None:
    found = tables(generate_town(TownParameters(people=20_000, brands=300, story=False)).batches())
    followers = found["people"]["followers"].to_numpy()
    assert followers.max() > 30 * followers.mean()
    share = found["interactions"]["brand"].to_pandas().value_counts(normalize=True)
    assert share.iloc[0] > 20 * share.median()


def test_batches_are_small_ordered_and_have_distinct_keys(town: Town) -> None:
    batches = list(town.batches(batch_rows=7000))
    assert max(batch.table.num_rows for batch in batches) == 7000
    assert [name for name, _ in itertools.groupby(b.kind.name for b in batches)] == list(KINDS)
    assert all(len(batch.lines) == batch.table.num_rows for batch in batches)
    for name, table in tables(iter(batches)).items():
        assert not table.select(list(KINDS[name].key)).to_pandas().duplicated().any()
    times = tables(iter(batches))["interactions"]["at"].to_numpy()
    assert (times[1:] >= times[:-1]).all()


def test_the_same_parameters_give_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    parameters = TownParameters(people=300, seed=9)
    first, again, other = (
        {path.name: path.read_bytes() for path in generate_town(one).write(tmp_path / folder)}
        for folder, one in (("a", parameters), ("b", parameters), ("c", TownParameters(people=300, seed=10)))
    )
    assert first == again
    assert sorted(first) == sorted([*(f"{kind}.csv" for kind in KINDS), "truth.json"])
    assert first["interactions.csv"] != other["interactions.csv"]
    assert not list(tmp_path.rglob("*.part"))


def test_written_files_are_record_files_that_hold_the_same_records(tmp_path: Path) -> None:
    town = generate_town(TownParameters(people=400, seed=3))
    town.write(tmp_path)
    expected = tables(town.batches())
    for kind in KINDS:
        rejects: list[object] = []
        source = open_source(tmp_path / f"{kind}.csv")
        read = pa.concat_tables([batch.table for batch in source.batches(rejects.append)])
        assert rejects == []
        assert not TouchpointTable.load().unknown(source.kinds)
        assert read.to_pylist() == expected[kind].to_pylist()
    assert json.loads((tmp_path / "truth.json").read_text()) == json.loads(json.dumps(town.truth))


@pytest.mark.parametrize(("half_life", "expected"), [(np.inf, 1.0), (180.0, 0.920213)])
@pytest.mark.parametrize("name", ["story", "town"])
def test_the_singers_week_in_the_sweater(name: str, half_life: float, expected: float) -> None:
    options = ImportOptions(people=100 if name == "town" else None)
    given = tables(IMPORTERS[name].read(None, options))["interactions"]
    frame = given.to_pandas()
    hers = frame[frame["consumer"] == "singer"]
    assert hers["event_id"].tolist() == ["singer-concert", "singer-fish"]
    policy = FusionPolicy(half_life_days=half_life, spillover=0.25)
    first, second = (datetime.fromisoformat(at.isoformat()) for at in hers["at"])
    assert explain(given, "singer", "sweater", as_of=first, policy=policy).score == pytest.approx(3.0, abs=1e-12)
    recommended = explain(given, "singer", "sweater", as_of=second, policy=policy)
    assert recommended.score == pytest.approx(expected, abs=5e-7)
    assert recommended.contributions["contribution"].sum() == pytest.approx(recommended.score, abs=1e-12)
    assert explain(given, "singer", "restaurant", as_of=second, policy=policy).score < -7


def test_the_people_of_the_story_have_fans_in_the_town() -> None:
    ties = tables(generate_town(TownParameters(people=1000)).batches())["ties"].to_pandas()
    fans = ties[ties["source"].str.startswith("p0") | ties["source"].str.startswith("p1")]["target"].value_counts()
    assert 50 < fans["singer"] < 110
    assert 20 < fans["annie"] < 65


@pytest.mark.parametrize(
    "changes",
    [{"people": 9}, {"brands": 3}, {"days": 7}, {"seed": -1}, {"active_probability": 1.5}, {"influencers": -1}],
)
def test_a_parameter_outside_its_limits_is_refused(changes: dict[str, float]) -> None:
    with pytest.raises(InputError, match=next(iter(changes))):
        TownParameters(**changes)


@pytest.mark.parametrize("text", ["[]", "{", '{"folk": 3}', '{"people": "many"}', '{"start": "soon"}', "[" * 100_000])
def test_a_file_that_has_no_parameters_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "parameters.json"
    path.write_text(text)
    with pytest.raises(UnreadableFile, match="parameters") as refused:
        read_parameters(path)
    assert refused.value.remedy
    with pytest.raises(UnreadableFile):
        read_parameters(tmp_path / "absent.json")


def test_the_shipped_parameters_are_the_default_town() -> None:
    assert read_parameters(dataset_path("town/parameters.json")) == TownParameters()


def test_a_town_is_written_where_a_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InfluenceGraphError, match="file"):
        generate_town(TownParameters(people=10)).write(tmp_path / "file" / "town")


def test_the_generator_script_writes_the_town_of_its_options(tmp_path: Path) -> None:
    main = runpy.run_path(str(dataset_path("generate.py")))["main"]
    made = CliRunner().invoke(main, [str(tmp_path / "t"), "--people", "60", "--no-story"])
    assert made.exit_code == 0, made.output
    assert len(pd.read_csv(tmp_path / "t" / "people.csv")) == 60
    refused = CliRunner().invoke(main, [str(tmp_path / "t"), "--people", "1"])
    assert refused.exit_code == 1
    assert "people 1 is outside" in refused.output
