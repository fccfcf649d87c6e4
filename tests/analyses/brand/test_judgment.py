"""The valence of interactions, by touchpoint, against counts of the rows."""

from datetime import timedelta

import numpy as np
import pytest

from influence_graph.analyses.brand.bonds import brand_ledger
from influence_graph.analyses.brand.judgment import judgment
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.touchpoints import TouchpointTable
from tests.analyses.brand.events import crowd, events

MONTH = timedelta(days=30)


def judgment_of(records, brand="acme"):
    ledger = read_ledger(records)
    return judgment(brand_ledger(ledger, brand, FusionPolicy(), ledger.latest()), MONTH)


@pytest.mark.parametrize("seed", range(4))
def test_counts_and_means_are_those_of_the_rows(seed):
    records = crowd(80, seed)
    table = TouchpointTable.load()
    own = records[records["brand"] == "acme"]
    rules = [table.rule(kind) for kind in own["kind"]]
    given = np.array([rule.direction == "to_brand" for rule in rules])
    valence = np.array([rule.valence for rule in rules])[given]
    touchpoint = np.array([rule.touchpoint for rule in rules])[given]
    result = judgment_of(records)
    assert (result.given, result.received) == (given.sum(), (~given).sum())
    assert result.mean.value == pytest.approx(valence.mean())
    assert result.negative.value == pytest.approx((valence < 0).mean())
    assert -1 <= result.mean.low <= result.mean.value <= result.mean.high <= 1
    for row in result.touchpoints.to_dict("records"):
        here = valence[touchpoint == row["touchpoint"]]
        assert [row["positive"], row["neutral"], row["negative"]] == [(np.sign(here) == s).sum() for s in (1, 0, -1)]
        assert row["mean"] == pytest.approx(here.mean())
    assert result.touchpoints[["positive", "neutral", "negative"]].to_numpy().sum() == result.given


def test_kinds_without_a_meaning_are_not_judged():
    result = judgment_of(events((0, "ann", "acme", "wear"), (1, "ann", "acme", "yodelling")))
    assert (result.given, result.received) == (1, 0)
    assert result.touchpoints[["positive", "neutral", "negative"]].to_numpy().tolist() == [[1, 0, 0]]


def test_many_events_of_nine_consumers_give_counts_and_no_mean():
    result = judgment_of(events(*[(n, f"c{n % 9}", "acme", "wear") for n in range(90)]))
    assert result.given == 90
    assert result.mean is None
    assert result.negative is None
    assert result.touchpoints["positive"].tolist() == [90]
    assert result.touchpoints["mean"].isna().all()


def test_a_brand_that_only_gives_is_not_judged():
    result = judgment_of(events((0, "ann", "acme", "giveaway")))
    assert (result.given, result.received) == (0, 1)
    assert result.touchpoints.empty
    assert result.sentences()[0] == "0 interactions from consumers, 1 from the brand."
