"""Interactions of the town: in order of time, one first use per adoption, silence of the silent."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.ingest.town.cascades import simulate
from influence_graph.ingest.town.events import BROADCASTS, KINDS, RESPONSES, Events, compose
from influence_graph.ingest.town.generate import generate_town
from influence_graph.ingest.town.parameters import TownParameters
from influence_graph.ingest.town.people import ACTIVE, PASSIVE, populate
from influence_graph.ingest.town.world import World

sizes = st.builds(
    TownParameters,
    people=st.integers(10, 300),
    brands=st.integers(4, 30),
    seed=st.integers(0, 10**6),
    interactions_per_person=st.sampled_from([0.0, 3.0, 15.0]),
    story=st.just(False),
)
CODE = {kind: code for code, kind in enumerate(KINDS)}


def drawn(parameters: TownParameters) -> World:
    return generate_town(parameters)


def named(events: Events) -> np.ndarray:
    return np.array(KINDS)[events.kind]


@settings(deadline=None, max_examples=20)
@given(sizes)
def test_events_are_in_order_of_time_within_the_days(parameters: TownParameters) -> None:
    events = drawn(parameters).events
    assert (np.diff(events.second) >= 0).all()
    assert events.second[0] >= 0
    assert events.second[-1] < parameters.days * 86_400


@settings(deadline=None, max_examples=20)
@given(sizes)
def test_interactions_are_filled_up_to_the_number_requested(parameters: TownParameters) -> None:
    town = drawn(parameters)
    wanted = round(parameters.people * parameters.interactions_per_person)
    assert len(town.events) >= max(wanted, len(town.adoptions))
    if parameters.interactions_per_person == 15.0:
        assert len(town.events) == wanted


@settings(deadline=None, max_examples=20)
@given(sizes)
def test_every_adoption_shows_as_the_first_event_of_its_person_and_brand(parameters: TownParameters) -> None:
    town = drawn(parameters)
    first: dict[tuple[int, int], tuple[int, str]] = {}
    for user, brand, second, kind in zip(
        town.events.user.tolist(),
        town.events.brand.tolist(),
        town.events.second.tolist(),
        named(town.events),
        strict=True,
    ):
        first.setdefault((user, brand), (second, kind))
    adopted = zip(town.adoptions.user.tolist(), town.adoptions.brand.tolist(), town.adoptions.day.tolist(), strict=True)
    expected = {(user, brand): int(day * 86_400) for user, brand, day in adopted}
    assert {pair: second for pair, (second, _) in first.items()} == expected


@settings(deadline=None, max_examples=20)
@given(sizes)
def test_silent_influencers_neither_buy_nor_speak(parameters: TownParameters) -> None:
    town = drawn(parameters)
    silent = town.population.style[town.events.user] == PASSIVE
    assert not set(named(town.events)[silent]) & {*BROADCASTS, "purchase", "complaint"}


def test_active_influencers_recommend_each_brand_that_they_adopt() -> None:
    town = drawn(TownParameters(people=600, seed=6, story=False))
    style = town.population.style
    recommended = {
        (user, brand)
        for user, brand, kind in zip(
            town.events.user.tolist(), town.events.brand.tolist(), named(town.events), strict=True
        )
        if kind == "recommend"
    }
    last = (town.parameters.days - 0.02) * 86_400
    for user, brand, day in zip(
        *(c.tolist() for c in (town.adoptions.user, town.adoptions.brand, town.adoptions.day)), strict=True
    ):
        if style[user] == ACTIVE and day * 86_400 < last:
            assert (user, brand) in recommended


def test_two_brands_are_worn_together_and_never_one_with_itself() -> None:
    events = drawn(TownParameters(people=600, seed=6, story=False)).events
    together = events.other >= 0
    assert 0.1 < together.sum() / (events.kind == CODE["wear"]).sum() < 0.3
    assert (events.kind[together] == CODE["wear"]).all()
    assert (events.other[together] != events.brand[together]).all()


def test_every_kind_of_response_occurs_about_as_often_as_the_others() -> None:
    parameters = TownParameters(people=5000, seed=6, interactions_per_person=0.0, story=False)
    people = populate(parameters)
    events = compose(parameters, people, simulate(parameters, people))
    counts = np.bincount(events.kind, minlength=len(KINDS))[[CODE[kind] for kind in RESPONSES]]
    assert counts.max() < 1.2 * counts.min()
