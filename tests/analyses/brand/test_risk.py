"""Who is at risk: customers made event by event, and bonds that events pull down."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.brand.bonds import brand_ledger
from influence_graph.analyses.brand.risk import at_risk
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.brand.buyers import made, purchases_of
from tests.analyses.brand.events import START, events

BUYERS = made(120, (2.0, 60.0, 0.5, 2.0), 400, seed=2)
END = START + timedelta(days=400)


def risk_of(records, end=END, **policy):
    return at_risk(brand_ledger(read_ledger(records), "acme", FusionPolicy(**policy), end))


def test_those_who_left_are_overdue_and_the_share_covers_them():
    result = risk_of(purchases_of(BUYERS))
    left = ~BUYERS.alive
    assert (result.count, result.signal, result.unknown, result.falling) == (120, "purchases", "", 0)
    assert result.share.low < left.mean() < result.share.high
    gone = result.consumers["p_gone"].to_numpy()
    assert result.share.value == pytest.approx(gone.mean())
    assert result.overdue == (gone > 0.5).sum()
    assert gone[left].mean() > 2 * gone[~left].mean()
    assert "overdue (probably gone for good), 0 falling by events" in result.sentences()[0]


def test_a_half_life_puts_nobody_at_risk():
    records = purchases_of(BUYERS)
    shares = {risk_of(records, half_life_days=days).share for days in (89.999, 90.0, 90.001, np.inf)}
    assert len(shares) == 1


def test_the_longer_the_silence_the_more_are_overdue():
    records = purchases_of(BUYERS)
    shares = [risk_of(records, END + timedelta(days=days)).share.value for days in (0, 60, 365)]
    assert shares == sorted(shares)
    assert shares[-1] > 0.9


def falling_of(*rows):
    result = risk_of(events(*rows), START + timedelta(days=200))
    return set(result.consumers.loc[result.consumers["falling"], "consumer"])


def test_falling_are_those_whose_points_of_90_days_or_of_all_time_are_below_0():
    assert falling_of(
        *[(0, name, "acme", "concert") for name in ("recent", "outweighed", "long_ago", "quiet")],
        (150, "recent", "acme", "complaint"),
        (150, "outweighed", "acme", "complaint"),
        (160, "outweighed", "acme", "concert"),
        (160, "outweighed", "acme", "concert"),
        (1, "long_ago", "acme", "concert"),
        (50, "long_ago", "acme", "complaint"),
        (0, "below", "acme", "wear"),
        (5, "below", "acme", "blame"),
        (5, "never_good", "acme", "blame"),
    ) == {"recent", "below"}


def test_who_is_falling_counts_fully_in_the_share():
    records = purchases_of(BUYERS)
    complaints = events(*[(399, f"c{n:04}", "acme", "blame") for n in range(0, 120, 4)] * 3)
    complaints = complaints.assign(event_id=[f"b{n}" for n in range(len(complaints))])
    result, before = risk_of(pd.concat([records, complaints])), risk_of(records)
    assert result.falling == 30
    assert result.both == (result.consumers["falling"] & (result.consumers["p_gone"] > 0.5)).sum()
    gone = before.consumers["p_gone"].to_numpy(copy=True)
    gone[::4] = 1
    assert result.share.value == pytest.approx(gone.mean())
    assert result.consumers["p_gone"].tolist() == before.consumers["p_gone"].tolist()


def test_without_buyers_the_days_are_those_of_good_interactions():
    result = risk_of(purchases_of(BUYERS).assign(kind="wear"))
    assert result.signal == "good interactions"
    assert result.share == risk_of(purchases_of(BUYERS)).share


@pytest.mark.parametrize(
    ("records", "why"),
    [
        (events(*[(0, f"c{n}", "acme", "wear") for n in range(60)]), "the number seen on a second day is 0"),
        (events(*[(n % 9, f"c{n % 40}", "acme", "wear") for n in range(120)]), "the length of the record in days is 8"),
        (events((0, "ann", "acme", "wear")), "the number of customers is 1, must be 30 or more"),
    ],
)
def test_what_the_data_cannot_say_is_not_said(records, why):
    result = risk_of(records, records["at"].max())
    assert (result.share, result.overdue, result.both) == (None, None, None)
    assert result.unknown.startswith(why)
    assert result.sentences()[0].startswith("At risk: cannot tell who is overdue, the ")
    assert result.consumers["p_gone"].isna().all()
