from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.analyses.influencers.case import case_of
from influence_graph.analyses.influencers.find import search
from influence_graph.analyses.influencers.pairs import span_text
from influence_graph.analyses.influencers.trial import trial_items
from influence_graph.ingest.worlds import WorldParameters, generate_world
from influence_graph.model.names import NodeNames

DAY = pd.Timedelta(days=1)
START = pd.Timestamp("1991-09-02", tz="UTC")
# a and b see june, c and d do not; c sees a, and a sees e, who was first. All are comparable.
TIES = pd.DataFrame([("a", "june"), ("b", "june"), ("c", "a"), ("a", "e"), ("d", "e")], columns=["source", "target"])
DID = pd.DataFrame(
    [("e", 0), ("june", 1), ("a", 2), ("c", 3), ("a", 400), ("away", 5)], columns=["user", "day"]
).assign(item="jeans", time=lambda frame: START + frame["day"] * DAY)
ONE = [0] * 6  # a, b, c, d, e, june


@pytest.fixture(scope="module")
def june():
    return ig.influencer_case("june", TIES, DID, strata=ONE, spoken=DID[DID["user"] == "e"])


def test_who_came_after_whom_and_how_late(june):
    assert june.followers[["item", "id", "days", "others"]].values.tolist() == [["jeans", "a", 1.0, 1]]
    assert june.followers.loc[0, "at"] == START + DAY
    assert june.followers.loc[0, "their_at"] == START + 2 * DAY
    assert june.second_hand.values.tolist() == [["jeans", "c", "a", 2.0]]
    assert (june.figures["again"], june.figures["last_days"]) == (1, 399.0)
    assert june.items[["item", "after", "before", "first_days"]].values.tolist() == [["jeans", 1, 0, 1.0]]
    assert june.audience[["id", "after", "before"]].values.tolist() == [["a", 1, 0]]


def test_before_and_after_by_hand(june):
    """Before: e of a, b, c, d, e. After: a of a, b, c, d, then c of b, c, d; of c, d, who do not see her, one did."""
    first = june.curve.iloc[0]
    assert first["expected_after"] == pytest.approx(2 / 4 + 1 / 3)
    assert first["expected_before"] == pytest.approx(2 / 5)
    assert first["elsewhere"] == pytest.approx(1 / 2)
    assert first["elsewhere_before"] == pytest.approx(2 / 3)
    assert june.curve["after"].tolist() == [1, 0, 0, 0, 0, 0, 0]


def test_who_else_explains_it(june):
    assert june.others[["id", "reached", "already"]].values.tolist() == [["e", 1, 1]]


def test_what_cannot_be_tested_is_said_with_what_is_known(june):
    names = NodeNames(consumers={"june": "June", "c": "Carol"})
    text = " ".join(june.sentences(names))
    assert june.status == "cannot be tested"
    assert "Whether June (june) moves others cannot be tested: fewer than 10 adoptions came before" in text
    assert "That does not mean no" in text
    assert "June spoke of none of these" in text
    assert (
        "2 people see June; 1 of them took any of it up later, 1 time in all. The first: a with jeans after 1 day"
        in text
    )
    assert "the last is Carol (c) with jeans, 2 days after June, by way of a" in text
    assert "These records cannot tell" in text
    assert "draw half of them by lot" in text
    assert "more, 95 %" not in text
    assert set(june.checks["speaks"]) == {"cannot tell"}
    assert june.trial == (None, None)


def test_without_records_of_speech_nothing_is_said_of_it():
    case = ig.influencer_case("june", TIES, DID, strata=ONE)
    assert "spoke" not in " ".join(case.sections()["Who came after"])


def test_an_item_is_not_compared_where_all_at_risk_see_the_person():
    """Without c and d nobody is left to compare a with."""
    case = ig.influencer_case("june", TIES, DID[DID["user"] != "c"], strata=[0, 0, 1, 1, 0, 0])
    assert case.figures["without_comparison"] == 1
    assert (case.figures["after"], len(case.followers)) == (0, 1)
    assert "1 later adoption cannot be compared" in " ".join(case.sentences())


def test_somebody_without_ties_cannot_be_tested():
    case = ig.influencer_case("away", TIES, DID)
    assert (case.status, case.person) == ("cannot be tested", "away")
    assert "no tie of this person is on record" in case.reason
    assert case.to_dict()["followers"] == []
    assert case.sentences()
    assert case.curve.empty


def test_nobody_is_no_case():
    with pytest.raises(ig.NotFound) as error:
        ig.influencer_case("jun", TIES, DID)
    assert "'june'" in str(error.value)


@pytest.mark.parametrize("person", [None, 1.5, ""])
def test_an_id_that_is_none(person):
    with pytest.raises((ig.InputError, ig.NotFound)):
        ig.influencer_case(person, TIES, DID)


@pytest.fixture(scope="module")
def world():
    return generate_world(WorldParameters(people=1500, influencers=4, trend_spotters=0, seed=3))


@pytest.fixture(scope="module")
def made(world):
    kind = world.activity["kind"].astype(str)
    visits = world.activity[kind == "visit"][["user", "time"]]
    spoken = world.activity[kind.isin(("mention", "recommend", "review", "share"))][["user", "item", "time"]]
    return search(world.ties, world.adoptions, visits, spoken, None, None, 1, None)


@pytest.fixture(scope="module")
def silent(world, made):
    planted = {one["id"] for one in world.truth["influencers"] if one["style"] == "silent"}
    found = made.result.found
    first = found[found["id"].isin(planted)].iloc[0]["id"]
    return case_of(made, made.inputs.graph.index_of(first), world.adoptions, world.adoptions)


def test_the_case_of_a_silent_influencer(silent):
    text = " ".join(silent.sentences())
    assert (silent.status, silent.style.style) == ("found", "passive")
    assert "moves others without a word (passive)" in text
    assert "do not ask for a post" in text
    assert "This is no proof" in text
    speaks = silent.checks.set_index("check")["speaks"]
    assert "against" not in set(speaks)
    assert set(speaks.iloc[[1, 2, 4, 5]]) == {"for"}  # the rest is of those who cannot see, and of before


def test_what_came_after_is_what_the_records_hold(world, silent):
    """By the ties and the log alone, without the sums."""
    ties, log = world.ties, world.adoptions
    both = ties[ties["kind"] == "friend"].rename(columns={"source": "target", "target": "source"})
    ties = pd.concat([ties, both])
    since = ties[ties["target"] == silent.person].groupby("source")["since"].min()
    first = log.groupby(["item", "user"])["time"].min()
    expected = set()
    for item, at in first.xs(silent.person, level="user").items():
        times = first[item]
        for user, began in since.items():
            time = times.get(user)
            if time is not None and user != silent.person and time > at and not time < began:
                expected.add((item, user))
    assert set(zip(silent.followers["item"], silent.followers["id"], strict=True)) == expected
    counted = silent.figures["after"] + silent.figures["without_comparison"]
    assert counted == len(expected) == silent.audience["after"].sum()


def test_parts_add_up(made, silent):
    row = made.result.found.set_index("id").loc[silent.person]
    assert silent.items["after"].sum() == silent.curve["after"].sum() == row["after"]
    assert silent.items["expected"].sum() == pytest.approx(row["expected"])
    assert silent.curve["expected"].sum() == pytest.approx(row["expected"])
    assert silent.figures["p_without_one"] == row["p"]
    assert silent.figures["p_without_item"] == silent.items["p_without"].max()
    assert silent.figures["caused"] == row["caused"]


def test_who_was_not_found_is_given_no_amount(world, made):
    table = made.result.to_frame()
    none = table[table["status"] == "none found"].iloc[0]["id"]
    case = case_of(made, made.inputs.graph.index_of(none), world.adoptions, world.adoptions)
    text = " ".join(case.sentences())
    assert case.figures["caused"] is None
    assert "was not found" in text
    assert "by chance alone" in text
    assert "things in each half" not in text


def test_items_of_a_trial():
    """(1.959964 + 0.841621)² · (4 + 1) / (4 - 1)² = 4.36, of 10 items with 40 adoptions of which 30 are caused."""
    assert trial_items(40, 10, 30) == 5
    assert trial_items(40, 10, 3) == math.ceil(7.8489 * 7.7 / 0.09)
    assert trial_items(40, 10, 0) is None
    assert trial_items(0, 0, 1) is None


@pytest.mark.parametrize(
    ("days", "text"), [(0.04, "1 hour"), (0.9999, "24 hours"), (1, "1 day"), (400, "400 days"), (12_784, "35 years")]
)
def test_lengths_of_time(days, text):
    assert span_text(days) == text


def test_numbers_as_times_are_seconds():
    seconds = DID.assign(time=DID["day"] * 86_400.0)
    case = ig.influencer_case("june", TIES, seconds, strata=ONE)
    assert case.followers["days"].tolist() == [1.0]
    assert case.followers["their_at"].tolist() == [2 * 86_400.0]
    assert case.figures["last_days"] == 399.0
    assert np.isfinite(case.curve["expected_after"]).all()
