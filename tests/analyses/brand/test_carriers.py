"""Who carries the positive bond, and who is an influencer."""

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.brand.carriers import carriers, influencers_of


def bonds(scores):
    return pd.DataFrame(
        {"fusion_score": scores}, index=pd.Index([f"c{n}" for n in range(len(scores))], name="consumer")
    )


def status(count, *influencers):
    return {f"c{n}": f"c{n}" in influencers for n in range(count)}


def named(influencers):
    return {id_ for id_, is_one in influencers.items() if is_one}


def test_shares_are_those_of_the_sum_of_bonds_above_0():
    scores = [*range(1, 101), -500.0, 0.0]
    result = carriers(bonds(scores), status(102, "c99", "c98"))
    assert (result.count, result.total) == (100, 5050.0)
    assert result.ordinary.value == pytest.approx(1 - 199 / 5050)
    assert result.long_tail.value == pytest.approx(1 - 100 / 5050)
    assert result.top.value == pytest.approx(sum(range(91, 101)) / 5050)
    assert result.gini.value == pytest.approx((2 * sum(i * i for i in range(1, 101)) / (100 * 5050)) - 101 / 100)
    for estimate in (result.ordinary, result.long_tail, result.top, result.gini):
        assert estimate.low <= estimate.value <= estimate.high


def test_the_strongest_are_listed_with_their_share():
    result = carriers(bonds([*range(1, 21)]), status(20, "c19"))
    strongest = result.strongest
    assert strongest["consumer"].tolist() == [f"c{n}" for n in range(19, 9, -1)]
    assert strongest["share"].tolist() == pytest.approx([n / 210 for n in range(20, 10, -1)])
    assert strongest["influencer"].tolist() == [True] + [False] * 9


def test_equal_bonds_are_carried_evenly():
    result = carriers(bonds([2.0] * 50), status(50))
    assert result.gini.value == pytest.approx(0.0, abs=1e-12)
    assert result.top.value == pytest.approx(0.1)
    assert result.ordinary.value == 1.0
    assert result.lorenz["bond"].tolist() == pytest.approx(result.lorenz["consumers"].tolist())


def test_without_influencers_known_the_share_of_ordinary_consumers_is_unknown():
    result = carriers(bonds([1.0] * 20), None)
    assert result.ordinary is None
    assert result.gini is not None
    assert result.strongest["influencer"].tolist() == [None] * 10
    assert result.sentences()[1] == (
        "Share of ordinary consumers: not on record: neither people nor ties identify an influencer."
    )


def test_consumers_whose_status_is_not_on_record_are_left_out_of_the_share():
    result = carriers(bonds([*range(1, 21), *[1000.0] * 5]), status(20, "c19"))
    assert result.known == 20
    assert result.ordinary.value == pytest.approx(1 - 20 / 210)
    assert result.ordinary.count == 20
    assert "the 20 consumers whose status is on record" in result.sentences()[1]
    one = carriers(bonds([1.0, 2.0, 3.0]), {"c0": True})
    assert one.sentences()[1].startswith("Of the part of the 1 consumer whose status is on record")
    assert result.strongest["influencer"].tolist() == [None] * 5 + [True] + [False] * 4


def test_without_a_bond_above_0_nothing_is_carried():
    result = carriers(bonds([-1.0, 0.0]), None)
    assert (result.count, result.total, result.long_tail) == (0, 0.0, None)
    assert result.strongest.empty
    assert result.lorenz.empty


def people(**columns):
    return pd.DataFrame({"id": [f"p{n}" for n in range(200)], **columns})


def test_nothing_known_of_people_and_ties_is_none():
    assert influencers_of(None, None) is None
    assert influencers_of(people(), None) is None
    assert influencers_of(people(kind=["consumer"] * 200), None) is None
    assert influencers_of(people(followers=[0] * 200), None) is None
    assert influencers_of(people(kind=[None] * 200), pd.DataFrame(columns=["source", "target"])) is None


def test_declared_influencers_need_no_followers():
    kinds = ["influencer", *["consumer"] * 199]
    assert named(influencers_of(people(kind=kinds), None)) == {"p0"}
    assert set(influencers_of(people(kind=["influencer", *[None] * 199]), None)) == {"p0"}


def test_the_most_followed_percent_is_counted_from_people_where_there_are_no_ties():
    followers = [float(n) for n in range(200)]
    assert named(influencers_of(people(followers=followers), None)) == {"p199", "p198"}
    assert named(influencers_of(people(followers=[None, *[1.0] * 199]), None)) == {"p1", "p2"}


@pytest.mark.parametrize(("kind", "expected"), [("follows", set()), ("friend", {"hub"})])
def test_a_friend_is_a_follower_in_both_directions(kind, expected):
    ties = pd.DataFrame({"source": ["hub"] * 50, "target": [f"p{n}" for n in range(50)], "kind": kind})
    influencers = named(influencers_of(None, ties))
    assert influencers & {"hub"} == expected
    assert len(influencers) == 1


def test_an_exposure_identifies_nobody():
    ties = pd.DataFrame({"source": ["hub"] * 50, "target": [f"p{n}" for n in range(50)], "kind": "exposed"})
    assert influencers_of(None, ties) is None


def test_who_is_not_followed_is_no_influencer_however_few_there_are():
    ties = pd.DataFrame({"source": ["a"] * 300, "target": ["star"] * 300})
    crowd = pd.DataFrame({"id": [f"p{n}" for n in range(500)]})
    assert named(influencers_of(crowd, ties)) == {"star"}


@pytest.mark.parametrize("seed", range(3))
def test_the_lorenz_curve_is_convex_and_lies_below_the_diagonal(seed):
    scores = np.random.default_rng(seed).pareto(2, 300)
    curve = carriers(bonds(scores), None).lorenz
    assert (curve["bond"] <= curve["consumers"] + 1e-12).all()
    slopes = np.diff(curve["bond"]) / np.diff(curve["consumers"])
    assert (np.diff(slopes) >= -1e-9).all()
    assert curve.iloc[[0, -1]].to_numpy().tolist() == [[0.0, 0.0], [1.0, 1.0]]
