"""Health of a brand on bonds whose figures are known."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.brand.bonds import brand_ledger
from influence_graph.analyses.brand.health import QUANTILES, health
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.brand.events import START, crowd, events


def health_of(records, days=None, brand="acme"):
    ledger = read_ledger(records)
    return health(brand_ledger(ledger, brand, FusionPolicy(), START + timedelta(days=days or 0)))


def scored(scores, day=0):
    return events(*[(day, f"c{n:03}", "acme", "wear") for n in range(len(scores))]).assign(points=scores)


def test_counts_sums_and_shares_are_those_of_the_bonds():
    scores = [float(n - 20) for n in range(60)]
    result = health_of(scored(scores))
    assert (result.count, result.total) == (60, sum(scores))
    assert result.mean.value == pytest.approx(np.mean(scores))
    assert (result.positive.value, result.negative.value) == (39 / 60, 20 / 60)
    assert result.quantiles["quantile"].tolist() == list(QUANTILES)
    assert result.quantiles["value"].tolist() == pytest.approx(np.quantile(scores, QUANTILES).tolist())
    assert (result.quantiles["low"] <= result.quantiles["value"]).all()
    assert (result.quantiles["value"] <= result.quantiles["high"]).all()


def test_reciprocity_is_the_mean_over_bonds_with_both_directions_on_record():
    given = scored([2.0] * 40).assign(direction="to_brand")
    back = scored([1.0] * 20, 1).assign(direction="to_consumer", event_id=[f"back{n}" for n in range(20)])
    result = health_of(pd.concat([given, back]), 5)
    assert result.mutual == 20
    assert result.reciprocity.value == pytest.approx(2 / 3)
    assert "the 20 of 40 bonds with both directions on record" in result.sentences()[2]


def test_reciprocity_that_only_the_table_gives_is_not_on_record():
    buys = events(*[(n, f"c{n:03d}", "acme", "purchase") for n in range(20)])
    result = health_of(buys, 40)
    assert (result.mutual, result.returned, result.reciprocity) == (20, 20, None)
    said = "Reciprocity: not on record: one side is only what the touchpoint table says that events return."
    assert result.sentences()[2] == said
    thanked = health_of(pd.concat([buys, events((30, "c003", "acme", "giveaway")).assign(event_id="gift")]), 40)
    assert (thanked.returned, thanked.one_sided) == (19, "")
    assert thanked.reciprocity is not None
    assert "in 19 of them one side is only" in thanked.sentences()[2]


def test_reciprocity_is_not_on_record_where_a_direction_is_not():
    result = health_of(scored([2.0] * 40).assign(direction="to_brand"), 5)
    assert (result.mutual, result.reciprocity) == (0, None)
    assert result.sentences()[2] == "Reciprocity: not on record: no bond has both directions on record."


def test_a_retracted_bond_counts_in_the_change_and_not_in_the_sum():
    first = scored([1.0] * 30).assign(replaces=None)
    retraction = events((50, "c000", "acme", "retraction")).assign(event_id="r", replaces="e0")
    result = health_of(pd.concat([first, retraction]), 60)
    assert result.count == 29
    assert result.change[30].value == pytest.approx(-1.0)
    assert result.at_risk.share is None
    assert result.at_risk.falling == 0  # taken back is not pulled down


def test_the_trend_goes_from_the_first_contact_to_the_time_of_the_view():
    records = crowd(30)
    result = health_of(records, 150)
    own = records[(records["brand"] == "acme") | (records["with_brands"] == "acme")]
    assert result.trend["at"].is_monotonic_increasing
    assert result.trend["at"].iloc[0] == own["at"].min().floor("us")
    last = result.trend.iloc[-1]
    assert (last["at"], last["bonds"]) == (START + timedelta(days=150), result.count)
    assert last["total"] == pytest.approx(result.total)


def test_one_bond_is_too_few_for_a_mean():
    result = health_of(scored([1.0]))
    assert result.sentences()[0] == "1 bond, together +1. Mean bond: too few observations."


def test_a_change_over_more_days_than_the_records_cover_is_not_on_record():
    early, late = scored([1.0] * 20), scored([1.0] * 20, day=8).assign(event_id=[f"l{n}" for n in range(20)])
    result = health_of(pd.concat([early, late]), 8)
    assert result.change == {30: None, 90: None}
    assert "Change of the sum in 30 days: not on record: the records cover 8 days." in result.sentences()
    later = health_of(pd.concat([early, late]), 45)
    assert later.change[30].value == pytest.approx(later.total - health_of(pd.concat([early, late]), 15).total)
    assert later.change[90] is None


def test_records_that_all_bear_one_time_have_no_trend_however_late_they_are_looked_at():
    result = health_of(scored([1.0] * 20), 200)
    assert result.change == {30: None, 90: None}
    assert result.trend.empty
    assert "Change of the sum in 90 days: not on record: all 20 records bear the same time." in result.sentences()
