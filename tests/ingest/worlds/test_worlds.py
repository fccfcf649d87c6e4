"""A world without influence: sizes, uneven people, and why they are alike; all measured on its frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from influence_graph.ingest.worlds import World, WorldParameters, generate_world


def gini(values: np.ndarray) -> float:
    ordered = np.sort(values.astype(float))
    return float(1 - 2 * (np.cumsum(ordered) / ordered.sum()).mean() + 1 / len(ordered))


def pairs(world: World, size: int = 200_000) -> pd.DataFrame:
    """Two random adoptions each of one item, by different people: who they are and how many days lie between."""
    found = world.adoptions.assign(code=world.adoptions["user"].cat.codes, day=world.uptake.day)
    found = found[["item", "code", "day"]].sort_values("item", kind="stable").reset_index(drop=True)
    rng = np.random.default_rng(0)
    left = rng.integers(0, len(found), size)
    bounds = found.groupby("item", observed=True)["code"].agg(["size"]).cumsum()["size"].to_numpy()
    group = np.searchsorted(bounds, left, side="right")
    starts = np.concatenate([[0], bounds])[group]
    right = starts + (rng.random(size) * (bounds[group] - starts)).astype(int)
    a, b = found.iloc[left].reset_index(drop=True), found.iloc[right].reset_index(drop=True)
    frame = pd.DataFrame({"a": a["code"], "b": b["code"], "days": (a["day"] - b["day"]).abs()})
    return frame[frame["a"] != frame["b"]]


def alike(world: World, frame: pd.DataFrame, what: str) -> pd.Series:
    values = world.people[what].to_numpy()
    return pd.Series(values[frame["a"]] == values[frame["b"]], index=frame.index)


def test_a_world_has_the_size_that_its_parameters_say(world: World) -> None:
    assert len(world.people) == 10_000
    assert 150_000 < len(world.ties) < 170_000
    assert 165_000 < len(world.adoptions) < 185_000
    assert world.adoptions["item"].nunique() == 400
    assert 280_000 < (world.activity["kind"] == "visit").sum() < 320_000
    span = world.adoptions["time"].max() - world.adoptions["time"].min()
    assert pd.Timedelta(3640, "D") < span <= pd.Timedelta(3652, "D")
    assert world.adoptions["time"].is_monotonic_increasing
    assert not world.adoptions.duplicated(["user", "item"]).any()


@pytest.mark.parametrize("share", [0.2, 0.4, 0.7])
def test_the_share_of_mutual_ties_is_that_of_the_parameters(share: float) -> None:
    made = generate_world(WorldParameters(people=2000, reciprocity=share, influencers=0, visits_per_person=0))
    ties = made.ties
    friends = ties[ties["kind"] == "friend"]
    ways = {*zip(ties["source"], ties["target"], strict=True), *zip(friends["target"], friends["source"], strict=True)}
    mutual = np.mean([(target, source) in ways for source, target in ways])
    assert mutual == pytest.approx(share, abs=0.02)


def test_people_are_uneven_in_followers_and_activity(world: World) -> None:
    followers = world.people["followers"]
    assert followers.max() > 12 * followers.mean()
    assert ((followers >= 20) & (followers <= 45)).sum() > 1000
    visits = world.activity.loc[world.activity["kind"] == "visit", "user"].value_counts().to_numpy()
    assert 0.5 < gini(visits) < 0.7
    adoptions = world.adoptions["user"].value_counts().to_numpy()
    assert 0.4 < gini(adoptions) < 0.65


def test_activity_comes_in_bursts_and_those_who_visit_also_adopt(empty: World) -> None:
    visits = empty.activity[empty.activity["kind"] == "visit"]
    some = visits[visits["user"].cat.codes < 500]
    quarter = ((some["time"] - visits["time"].min()).dt.days // 91).rename("quarter")
    counts = some.groupby(["user", quarter], observed=True).size().unstack(fill_value=0).to_numpy().astype(float)
    busy = counts[counts.sum(axis=1) >= 40]
    assert np.mean(busy.var(axis=1) / busy.mean(axis=1)) > 2  # of a steady person it is 1
    by_visits = visits["user"].value_counts().sort_index().to_numpy()
    by_adoptions = empty.adoptions["user"].value_counts().sort_index().to_numpy()
    assert np.corrcoef(np.log1p(by_visits), np.log1p(by_adoptions))[0, 1] > 0.8


def test_ties_are_dated_and_those_of_a_community_are_many(world: World) -> None:
    since, start = world.ties["since"], pd.Timestamp(world.parameters.start, tz="UTC")
    assert 0.5 < (since < start).mean() < 0.7
    assert since.min() > start - pd.Timedelta(5 * 366, "D")
    assert since.max() < start + pd.Timedelta(world.parameters.days, "D")
    community = world.people["community"].to_numpy()
    ends = world.ties[["source", "target"]].apply(lambda column: column.cat.codes.to_numpy())
    same = (community[ends["source"]] == community[ends["target"]]).mean()
    assert same > 30 * (world.people["community"].value_counts(normalize=True) ** 2).sum()
    friends = world.ties[world.ties["kind"] == "friend"]
    assert (friends["source"].astype(str) < friends["target"].astype(str)).all()
    assert not world.ties.duplicated(["source", "target", "kind"]).any()


def test_people_are_alike_in_what_they_adopt_and_when(empty: World) -> None:
    frame = pairs(empty)
    strangers = frame.assign(b=np.random.default_rng(1).permutation(frame["b"].to_numpy()))
    for what, least in (("community", 1.8), ("taste", 1.3)):
        same = alike(empty, frame, what)
        assert same.mean() > least * alike(empty, strangers, what).mean()
        assert frame.loc[same, "days"].median() < 0.85 * frame.loc[~same, "days"].median()
    other = frame[~alike(empty, frame, "community")]
    same = alike(empty, other, "taste")
    apart = strangers[~alike(empty, strangers, "community")]
    assert same.mean() > 1.2 * alike(empty, apart, "taste").mean()  # tastes cut across communities
    assert empty.people.groupby("taste")["community"].nunique().min() > 20


def test_seasons_and_holidays_are_seen_in_adoptions(empty: World) -> None:
    time, day = empty.adoptions["time"].dt, empty.adoptions["time"].dt.day_of_year
    december = (time.month == 12) & (time.day <= 24)
    nearby = (time.month == 11) & (time.day <= 24)
    lift = empty.truth["seasons"]["holiday_lift"]
    assert december.sum() / nearby.sum() == pytest.approx(lift, rel=0.05)
    season = empty.adoptions["item"].map(empty.truth["seasons"]["items"])
    july, january = (day > 181) & (day <= 212), day <= 31
    for which, high, low in (("summer", july, january), ("winter", january, july)):
        swing = empty.truth["seasons"]["swing"][which]
        peak, trough = (high & (season == which)).sum(), (low & (season == which)).sum()
        assert peak / trough == pytest.approx((1 + swing) / (1 - swing), rel=0.25)


def test_nothing_is_adopted_before_its_launch(empty: World) -> None:
    launches = empty.truth["launches"]
    assert 150 < len(launches) < 250
    first = empty.adoptions.groupby("item", observed=True)["time"].min()
    late = first[list(launches)] - pd.to_datetime(pd.Series(launches), utc=True)
    assert late.min() >= pd.Timedelta(0)
    assert late.median() < pd.Timedelta(30, "D")
    assert (first[~first.index.isin(list(launches))] < pd.Timestamp("2016-06-01", tz="UTC")).mean() > 0.95


def test_campaigns_raise_adoptions_where_they_are(empty: World) -> None:
    city = empty.people.set_index("id")["city"]
    lived = empty.adoptions["user"].map(city.to_dict())
    ratios = []
    for one in empty.truth["campaigns"]:
        first, length = pd.Timestamp(one["first_day"], tz="UTC"), pd.Timedelta(one["days"], "D")
        mine = empty.adoptions[empty.adoptions["item"] == one["item"]]
        days = (mine["time"] - first) / length
        here = lived[mine.index] == one["city"] if one["city"] else pd.Series(True, mine.index)
        ratios.append([(here & days.between(0, 1)).sum(), (here & days.between(-1, 0)).sum()])
    during, before = np.sum(ratios, axis=0)
    assert during > 2.5 * before


def test_without_influencers_nobody_causes_anything(empty: World) -> None:
    assert empty.truth["influencers"] == empty.truth["shadows"] == empty.truth["bots"] == []
    assert empty.truth["counts"]["caused_adoptions"] == 0
    assert empty.causes["cause"].isna().all()
    assert set(empty.causes["why"]) == {"community", "taste", "campaign", "market", "early"}
    assert len(empty.truth["trend_spotters"]) == 20


def test_all_else_is_as_in_the_world_without_influence(world: World, empty: World) -> None:
    ties, bare = (one.ties.astype(str).set_index(["source", "target", "kind"])["since"] for one in (world, empty))
    pd.testing.assert_series_equal(ties[ties.index.isin(bare.index)].sort_index(), bare.sort_index())
    added = ties[~ties.index.isin(bare.index)].reset_index()
    assert set(added["target"]) <= {one["id"] for one in world.truth["shadows"]}
    own = world.adoptions[world.causes["cause"].isna()].astype(str)
    there = empty.adoptions.astype(str).set_index(["user", "item"])["time"]
    assert (own["time"].to_numpy() == there[pd.MultiIndex.from_frame(own[["user", "item"]])].to_numpy()).all()
    assert set(world.people["id"]) == set(empty.people["id"])
    assert world.truth["trend_spotters"][0]["id"] == empty.truth["trend_spotters"][0]["id"]
    powerless = generate_world(WorldParameters(seed=3, probability=0.0))
    assert powerless.causes["cause"].isna().all()
    assert len(powerless.truth["influencers"]) == 40
    columns = ["user", "item", "time"]
    pd.testing.assert_frame_equal(powerless.adoptions[columns], empty.adoptions[columns])
    pd.testing.assert_frame_equal(powerless.ties, empty.ties)
