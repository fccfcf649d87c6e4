"""What is planted in a world is found in its frames: who caused what, how late, and who only looks like it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from influence_graph.ingest.worlds import World, WorldParameters, generate_world

BROADCASTS = ["recommend", "mention", "share", "review"]


def audiences(world: World) -> dict[str, dict[str, pd.Timestamp]]:
    """Who sees each influencer, since when: from the ties alone."""
    wanted = {one["id"] for one in world.truth["influencers"]}
    ties = world.ties.astype({"source": str, "target": str, "kind": str})
    back = ties[ties["kind"] == "friend"].rename(columns={"source": "target", "target": "source"})
    seen = pd.concat([ties, back])
    seen = seen[seen["target"].isin(wanted) & ~seen["source"].isin(wanted)]
    since = seen.groupby(["target", "source"])["since"].min()
    return {person: since.loc[person].to_dict() for person in wanted}


def spoken(world: World) -> dict[tuple[str, str], pd.Timestamp]:
    said = world.activity[world.activity["kind"].isin(BROADCASTS)].astype({"user": str, "item": str})
    return said.groupby(["user", "item"])["time"].min().to_dict()


@pytest.fixture(scope="module")
def exposures(world: World) -> pd.DataFrame:
    """One row per influencer, follower and item of which the influencer could be the cause, found without the truth's
    own counts: days from exposure to adoption, missing where the follower never adopts, and who caused it."""
    adopted = world.adoptions.astype({"user": str, "item": str}).assign(
        cause=world.causes["cause"].astype(object), why=world.causes["why"].astype(str)
    )
    by_person = dict(iter(adopted.groupby("user")))
    words, seen, rows = spoken(world), audiences(world), []
    for one in world.truth["influencers"]:
        own = by_person[one["id"]]
        for item, at in zip(own["item"], own["time"], strict=True):
            if one["style"] == "active" and (one["id"], item) not in words:
                continue
            rows += [(one["id"], one["style"], item, f, max(at, since)) for f, since in seen[one["id"]].items()]
    frame = pd.DataFrame(rows, columns=["influencer", "style", "item", "user", "exposed"])
    frame = frame.merge(adopted[["user", "item", "time", "cause", "why"]], on=["user", "item"], how="left")
    end = pd.Timestamp(world.parameters.start, tz="UTC") + pd.Timedelta(world.parameters.days, "D")
    frame = frame[(frame["exposed"] < end) & ~(frame["time"] <= frame["exposed"])]
    frame["days"] = (frame["time"] - frame["exposed"]).dt.total_seconds() / 86_400
    frame["left"] = (end - frame["exposed"]).dt.total_seconds() / 86_400
    frame["caused"] = frame["cause"] == frame["influencer"]
    return frame


def test_influencers_have_the_style_strength_and_audience_that_were_asked_for(world: World) -> None:
    found = world.truth["influencers"]
    assert [one["style"] for one in found] == ["active"] * 20 + ["silent"] * 20
    assert len({one["id"] for one in found}) == 40
    seen = audiences(world)
    for one in found:
        assert one["probability"] == 0.15
        assert set(one["audience"]) == set(seen[one["id"]])
        low, high = (20, 45) if one["style"] == "silent" else (60, 400)
        assert low - 3 <= len(one["audience"]) <= high  # without other influencers
        assert 15 <= one["adoptions"] <= 60
        assert 10 <= one["mean_delay_days"] <= 1000


def test_chances_come_true_as_often_as_was_planted(world: World) -> None:
    chances, taken = (
        np.array([one[key] for one in world.truth["influencers"]]) for key in ("opportunities", "successes")
    )
    error = np.sqrt(chances * 0.15 * 0.85)
    assert (np.abs(taken - 0.15 * chances) < 4 * error).all()
    assert abs(taken.sum() - 0.15 * chances.sum()) < 4 * np.sqrt((error**2).sum())
    assert ((taken - 0.15 * chances) / error).std() == pytest.approx(1, abs=0.4)


def test_the_chances_of_the_truth_are_those_of_the_frames(world: World, exposures: pd.DataFrame) -> None:
    shadows = {(one["of"], one["id"]) for one in world.truth["shadows"]}
    plain = exposures[[pair not in shadows for pair in zip(exposures["influencer"], exposures["user"], strict=True)]]
    counted = plain.groupby("influencer").size()
    for one in world.truth["influencers"]:
        # what another influencer caused first is a chance in the truth, and none in the frames
        assert 0.95 * one["opportunities"] <= counted[one["id"]] <= one["opportunities"]


def test_followers_adopt_as_often_as_planted_and_after_the_planted_delay(world: World, exposures: pd.DataFrame) -> None:
    delay = exposures["influencer"].map({one["id"]: one["mean_delay_days"] for one in world.truth["influencers"]})
    watched = exposures[(exposures["left"] > 6 * delay) & (exposures["why"] != "shadow")]
    rate = watched["caused"].mean()
    assert rate == pytest.approx(0.15, abs=4 * np.sqrt(0.15 * 0.85 / len(watched)) + 0.005)  # some are anticipated
    ratio = (watched["days"] / delay[watched.index])[watched["caused"]]
    assert ratio.mean() == pytest.approx(1, abs=4 / np.sqrt(len(ratio)) + 0.03)
    assert ratio.median() == pytest.approx(np.log(2), abs=0.08)
    assert watched.loc[watched["caused"], "days"].min() >= 0.5 - 1e-4


def test_the_truth_lists_what_the_frames_say_was_caused(world: World) -> None:
    frame = world.adoptions.assign(cause=world.causes["cause"], why=world.causes["why"], day=world.uptake.day)
    caused = frame[frame["cause"].notna()]
    assert len(caused) == world.truth["counts"]["caused_adoptions"] > 5000
    for one in world.truth["influencers"]:
        mine = caused[caused["cause"] == one["id"]]
        assert one["caused_adoptions"] == len(one["caused"]) == len(mine)
        listed = mine[["user", "item", "day", "why"]].astype({"user": str, "item": str, "why": str})
        rows = zip(*(listed[name] for name in listed), strict=True)
        assert one["caused"] == [[user, item, round(day, 5), why] for user, item, day, why in rows]
        assert set(listed["user"]) <= set(one["audience"])
    assert caused["why"].value_counts().to_dict() == {
        why: count for why, count in world.truth["counts"]["why"].items() if why in ("influencer", "shadow", "bot")
    } | dict.fromkeys(["community", "taste", "campaign", "market", "early"], 0)
    assert json.loads(json.dumps(world.truth)) == world.truth


def test_silent_influencers_never_speak_and_active_ones_have_spoken_before_anybody_follows(world: World) -> None:
    words = spoken(world)
    speakers = {person for person, _ in words}
    assert 0.1 < len(speakers) / 10_000 < 0.2
    for one in world.truth["influencers"]:
        if one["style"] == "silent":
            assert one["id"] not in speakers
            continue
        said = sum(person == one["id"] for person, _ in words)
        assert 0.4 < said / one["adoptions"] <= 1
        start = pd.Timestamp(world.parameters.start, tz="UTC")
        for _, item, day, why in one["caused"]:
            assert why == "shadow" or words[one["id"], item] < start + pd.Timedelta(day, "D")


def test_shadows_copy_fast_and_share_followers_with_the_influencer(world: World, exposures: pd.DataFrame) -> None:
    influencers = {one["id"]: one for one in world.truth["influencers"]}
    assert {one["of"] for one in world.truth["shadows"]} == set(influencers)
    ties = world.ties.astype({"source": str, "target": str})
    viewers = ties.groupby("target")["source"].agg(set)
    shared = []
    for one in world.truth["shadows"]:
        assert one["id"] in influencers[one["of"]]["audience"]
        audience = set(influencers[one["of"]]["audience"])
        shared.append(len(viewers[one["id"]] & audience) / len(audience))
        assert 0 < one["copied"] <= one["adoptions"]
    assert np.median(shared) > 0.3
    copies = exposures[exposures["caused"] & (exposures["why"] == "shadow")]
    assert copies["days"].mean() == pytest.approx(4, abs=0.6)
    pairs = exposures.groupby(["influencer", "user"])["caused"].agg(["sum", "size"])
    mine = pairs.loc[[(one["of"], one["id"]) for one in world.truth["shadows"]]]
    rate = mine["sum"].sum() / mine["size"].sum()
    assert rate == pytest.approx(0.8, abs=4 * np.sqrt(0.16 / mine["size"].sum()) + 0.02)


def test_trend_spotters_are_early_among_those_of_their_taste_and_cause_nothing(empty: World) -> None:
    spotters = {one["id"]: one for one in empty.truth["trend_spotters"]}
    taste = empty.people.set_index("id")["taste"]
    found = empty.adoptions.assign(why=empty.causes["why"], taste=taste.to_numpy()[empty.adoptions["user"].cat.codes])
    early = found[found["user"].isin(spotters) & (found["why"] == "early")]
    assert early.groupby("user", observed=True).size().min() >= 5
    ranks = []
    for row in early.itertuples():
        others = found[(found["item"] == row.item) & (found["taste"] == row.taste) & (found["why"] == "taste")]
        ranks.append((others["time"] < row.time).mean() if len(others) > 4 else np.nan)
    assert np.nanmedian(ranks) < 0.15
    everybody = (empty.people["taste"].value_counts(normalize=True) ** 2).sum()
    for one in spotters.values():
        assert one["audience_of_this_taste"] > 3 * everybody * one["audience"]
    assert empty.truth["counts"]["caused_adoptions"] == 0


def test_a_bot_copies_everything_that_one_powerless_person_adopts() -> None:
    made = generate_world(WorldParameters(people=3000, seed=5, bots=3, influencers=0))
    assert len(made.truth["bots"]) == 3
    assert made.truth["counts"]["caused_adoptions"] == 0
    items = made.adoptions.astype({"user": str, "item": str}).groupby("user")["item"].agg(set)
    for one in made.truth["bots"]:
        assert len(items[one["copies"]] - items[one["id"]]) <= 1  # the last one may come after the end
        assert one["copied"] > 8
    assert made.truth["counts"]["bot_adoptions"] == sum(one["copied"] for one in made.truth["bots"])


def test_influence_may_take_decades() -> None:
    made = generate_world(WorldParameters(people=3000, days=12_784, shortest_delay=3650, longest_delay=7300))
    delays = [one["mean_delay_days"] for one in made.truth["influencers"]]
    assert 3650 <= min(delays) <= max(delays) <= 7300
    days = made.uptake.day
    first = {(user, item): day for user, item, day in zip(made.uptake.user, made.uptake.item, days, strict=True)}
    rows = np.flatnonzero(made.uptake.cause >= 0)
    waits = [days[row] - first[made.uptake.cause[row], made.uptake.item[row]] for row in rows]
    assert np.mean(np.array(waits) > 3650) > 0.2
    assert max(waits) > 20 * 365
    assert sum(one["after_the_end"] for one in made.truth["influencers"]) > 100


@pytest.mark.parametrize("probability", [0.05, 0.35])
def test_the_strength_can_be_chosen(probability: float) -> None:
    made = generate_world(WorldParameters(people=3000, probability=probability, visits_per_person=0, shadows=0))
    chances, taken = (sum(one[key] for one in made.truth["influencers"]) for key in ("opportunities", "successes"))
    assert abs(taken - probability * chances) < 4 * np.sqrt(chances * probability * (1 - probability))
    assert made.truth["shadows"] == []
