"""The people of the town: ties without loops or repeats, hubs first, influencers apart from each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.ingest.town.parameters import TownParameters
from influence_graph.ingest.town.people import (
    ACTIVE,
    EXPOSED,
    FOLLOWS,
    FRIEND,
    ORDINARY,
    PASSIVE,
    Population,
    populate,
)

sizes = st.builds(
    TownParameters,
    people=st.integers(10, 900),
    seed=st.integers(0, 2**32 - 1),
    ties_per_person=st.floats(1, 20),
    influencers=st.one_of(st.none(), st.integers(0, 10)),
)


@settings(deadline=None, max_examples=25)
@given(sizes)
def test_a_tie_is_there_once_and_never_to_oneself(parameters: TownParameters) -> None:
    people = populate(parameters)
    assert (people.source != people.target).all()
    triples = np.stack([people.source, people.target, people.kind])
    assert np.unique(triples, axis=1).shape[1] == people.source.size
    friends = people.kind == FRIEND
    assert (people.source[friends] < people.target[friends]).all()
    assert people.source.min() >= 0
    assert max(people.source.max(), people.target.max()) < parameters.people


@settings(deadline=None, max_examples=25)
@given(sizes)
def test_as_many_are_planted_of_each_style_as_there_are_communities_for(parameters: TownParameters) -> None:
    people = populate(parameters)
    groups = int(people.community.max()) + 1
    assert groups == max(4, parameters.people // 100)
    counts = np.bincount(people.style, minlength=3)
    assert counts[ACTIVE] == counts[PASSIVE] == min(parameters.planted, groups // 2)
    communities = people.community[people.style != ORDINARY]
    assert len(set(communities.tolist())) == len(communities)


@settings(deadline=None, max_examples=25)
@given(sizes)
def test_public_numbers_are_a_permutation_so_that_ids_tell_nothing(parameters: TownParameters) -> None:
    people = populate(parameters)
    assert sorted(people.number.tolist()) == list(range(parameters.people))


def test_one_is_exposed_to_people_of_the_own_community_alone_and_friends_live_there_too() -> None:
    people = populate(TownParameters(people=2000, seed=4))
    for kind in (EXPOSED, FRIEND):
        near = people.kind == kind
        assert near.any()
        assert (people.community[people.source[near]] == people.community[people.target[near]]).all()


def test_followers_are_counted_and_the_first_of_a_community_has_most_of_them() -> None:
    people = populate(TownParameters(people=2000, seed=4))
    counts = people.followers()
    assert counts.sum() == (people.kind == FOLLOWS).sum()
    first = np.searchsorted(people.community, np.arange(20))
    assert counts[first].mean() > 4 * counts.mean()


@pytest.mark.parametrize("mean", [1.0, 5.0, 20.0])
def test_one_follows_about_as_many_as_requested(mean: float) -> None:
    people = populate(TownParameters(people=20_000, seed=2, ties_per_person=mean))
    follows = people.kind == FOLLOWS
    # repeats and oneself are left out, so a little less; nobody follows more than requested on average
    assert mean * 0.6 < follows.sum() / people.size <= mean * 1.05


def test_decoys_are_ordinary_people_with_the_exposure_of_influencers() -> None:
    people: Population = populate(TownParameters(people=3000, seed=1))
    exposed_to = np.bincount(people.target[people.kind == EXPOSED], minlength=people.size)
    decoys = (exposed_to > 0) & (people.style == ORDINARY)
    planted = (exposed_to > 0) & (people.style == PASSIVE)
    assert planted.sum() == (people.style == PASSIVE).sum()
    assert decoys.sum() >= 2
    assert not exposed_to[people.style == ACTIVE].any()
    assert abs(exposed_to[decoys].mean() - exposed_to[planted].mean()) <= 1


def test_no_influencers_leave_a_town_of_ordinary_people() -> None:
    people = populate(TownParameters(people=500, influencers=0))
    assert not people.style.any()
