"""Sales of the town: what a concert adds is exactly what was planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.ingest.generated import plain_parameters
from influence_graph.ingest.town.parameters import TownParameters, brand_ids, person_ids
from influence_graph.ingest.town.sales import SEGMENTS, base_sales, daily_sales, plan_concerts

sizes = st.builds(TownParameters, brands=st.integers(4, 200), days=st.integers(28, 400), seed=st.integers(0, 2**32 - 1))


@settings(deadline=None, max_examples=30)
@given(sizes)
def test_concerts_are_of_distinct_brands_in_the_middle_of_the_period(parameters: TownParameters) -> None:
    concerts = plan_concerts(parameters)
    assert len(concerts) == max(1, parameters.brands // 8)
    assert len(set(concerts.brand.tolist())) == len(concerts)
    assert (concerts.day >= parameters.days // 2).all()
    assert (concerts.day + concerts.days < parameters.days).all()
    share = concerts.per_day / base_sales(parameters)[concerts.brand, concerts.segment]
    assert ((share > 0.24) & (share < 0.61)).all()


@settings(deadline=None, max_examples=15)
@given(sizes)
def test_a_concert_adds_what_was_planted_on_its_days_and_nothing_elsewhere(parameters: TownParameters) -> None:
    concerts = plan_concerts(parameters)
    none = replace(concerts, per_day=np.zeros(len(concerts)))
    difference = daily_sales(parameters, concerts) - daily_sales(parameters, none)
    expected = np.zeros_like(difference)
    for brand, day, segment, per_day in zip(
        concerts.brand, concerts.day, concerts.segment, concerts.per_day, strict=True
    ):
        expected[brand, segment, day + 1 : day + 1 + concerts.days] += per_day
    np.testing.assert_allclose(difference, expected, atol=0.011)


def test_sales_rise_on_weekends_and_over_the_year() -> None:
    parameters = TownParameters(brands=40, days=364)
    sales = daily_sales(parameters, plan_concerts(parameters)).sum(axis=(0, 1))
    weekend = (np.arange(364) + parameters.start.weekday()) % 7 >= 5
    assert sales[weekend].mean() / sales[~weekend].mean() == pytest.approx(1.19, abs=0.02)
    assert sales[-28:].mean() / sales[:28].mean() == pytest.approx(1.09, abs=0.02)
    assert (sales >= 0).all()


def test_the_base_falls_with_the_square_root_of_popularity() -> None:
    base = base_sales(TownParameters(brands=9)).sum(axis=1)
    np.testing.assert_allclose(base, 400 / np.sqrt(np.arange(1, 10)))
    assert base_sales(TownParameters(brands=9)).shape == (9, len(SEGMENTS))


@settings(deadline=None)
@given(st.integers(10, 20_000), st.integers(4, 2000))
def test_ids_have_one_length_and_the_order_of_their_numbers(people: int, brands: int) -> None:
    parameters = TownParameters(people=people, brands=brands)
    for ids in (person_ids(parameters), brand_ids(parameters)):
        assert ids == sorted(set(ids))
        assert len({len(id_) for id_ in ids}) == 1


@settings(deadline=None)
@given(sizes)
def test_parameters_as_json_are_the_parameters(parameters: TownParameters) -> None:
    import json

    assert TownParameters.from_json(json.dumps(plain_parameters(parameters))) == parameters


@pytest.mark.parametrize(
    ("people", "influencers", "planted"), [(1000, None, 4), (10, None, 2), (1000, 0, 0), (1000, 9, 9), (100, 9, 2)]
)
def test_planted_influencers_are_one_in_250_unless_given_and_never_more_than_one_in_50(
    people: int, influencers: int | None, planted: int
) -> None:
    assert TownParameters(people=people, influencers=influencers).planted == planted
