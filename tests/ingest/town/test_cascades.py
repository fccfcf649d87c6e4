"""Adoptions of the town: once per person and brand, after their cause, along a tie that can carry them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.ingest.town.cascades import INFLUENCER_ADOPTIONS, Adoptions, popularity, simulate
from influence_graph.ingest.town.parameters import TownParameters
from influence_graph.ingest.town.people import ACTIVE, EXPOSED, FOLLOWS, FRIEND, PASSIVE, Population, populate

sizes = st.builds(
    TownParameters,
    people=st.integers(10, 500),
    brands=st.integers(4, 40),
    days=st.integers(28, 200),
    seed=st.integers(0, 10**6),
    ordinary_probability=st.sampled_from([0.0, 0.02, 0.5]),
)


def drawn(parameters: TownParameters) -> tuple[Population, Adoptions]:
    people = populate(parameters)
    return people, simulate(parameters, people)


@settings(deadline=None, max_examples=20)
@given(sizes)
def test_a_brand_is_adopted_once_by_a_person_within_the_days(parameters: TownParameters) -> None:
    _, found = drawn(parameters)
    keys = found.user * parameters.brands + found.brand
    assert np.unique(keys).size == len(found)
    assert (found.day >= 0).all()
    assert (found.day < parameters.days).all()
    assert found.brand.max() < parameters.brands


@settings(deadline=None, max_examples=20)
@given(sizes)
def test_who_is_caused_to_adopt_has_a_tie_to_an_earlier_adopter(parameters: TownParameters) -> None:
    people, found = drawn(parameters)
    day = dict(zip(zip(found.user.tolist(), found.brand.tolist(), strict=True), found.day.tolist(), strict=True))
    ties = set(zip(people.source.tolist(), people.target.tolist(), strict=True))
    friends = people.kind == FRIEND
    ties |= set(zip(people.target[friends].tolist(), people.source[friends].tolist(), strict=True))
    for user, brand, at, cause in zip(
        *(c.tolist() for c in (found.user, found.brand, found.day, found.cause)), strict=True
    ):
        if cause >= 0:
            assert (user, cause) in ties
            assert day[cause, brand] < at


def test_without_influence_nobody_is_caused_to_adopt() -> None:
    quiet = TownParameters(people=400, active_probability=0.0, passive_probability=0.0, ordinary_probability=0.0)
    assert (drawn(quiet)[1].cause == -1).all()


@pytest.mark.parametrize(("style", "kind", "name"), [(ACTIVE, FOLLOWS, "active"), (PASSIVE, EXPOSED, "passive")])
def test_certain_influence_reaches_everyone_at_the_other_end(style: int, kind: int, name: str) -> None:
    certain = {"active_probability": 0.0, "passive_probability": 0.0, f"{name}_probability": 1.0}
    parameters = TownParameters(people=600, days=3000, ordinary_probability=0.0, **certain)
    people, found = drawn(parameters)
    adopted = set(zip(found.user.tolist(), found.brand.tolist(), strict=True))
    leaders = np.flatnonzero(people.style == style)
    assert leaders.size
    early = {(u, b) for u, b, d in zip(found.user, found.brand, found.day, strict=True) if d < 2900}
    for leader in leaders:
        audience = people.source[(people.target == leader) & (people.kind == kind)]
        for brand in [b for u, b in early if u == leader]:
            assert all((person, brand) in adopted for person in audience.tolist())


def test_influencers_adopt_several_brands_early() -> None:
    parameters = TownParameters(people=1000, brands=24, seed=3)
    people, found = drawn(parameters)
    for leader in np.flatnonzero(people.style):
        own = (found.user == leader) & (found.cause == -1)
        assert own.sum() == INFLUENCER_ADOPTIONS
        assert (found.day[own] <= 0.7 * parameters.days).all()


def test_the_first_brand_is_the_most_popular_and_shares_sum_to_1() -> None:
    share = popularity(TownParameters(brands=10))
    assert share.sum() == pytest.approx(1)
    np.testing.assert_allclose(share[0] / share, np.arange(1, 11))
