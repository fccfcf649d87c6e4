"""Complaints and their recovery against loops over the records."""

from datetime import timedelta

import numpy as np
import pytest

from influence_graph.analyses.brand.bonds import brand_ledger
from influence_graph.analyses.brand.judgment import judgment
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.brand.events import crowd, events

MICROSECOND = timedelta(microseconds=1)
REMEDIES = ("recovery", "refund", "apology")


def recovery(records, within, policy=None):
    ledger = read_ledger(records)
    return judgment(brand_ledger(ledger, "acme", policy or FusionPolicy(), ledger.latest()), within).recovery


def naive(records, within):
    """Return (complaint, was recovered) for each complaint whose window is over."""
    end = records["at"].max()
    own = records[records["brand"] == "acme"]
    pairs = []
    for complaint in own[own["kind"] == "complaint"].itertuples():
        if complaint.at <= end - within:
            answers = own[(own["consumer"] == complaint.consumer) & own["kind"].isin(REMEDIES)]
            waited = answers["at"] - complaint.at
            pairs.append((complaint, bool(((waited >= timedelta(0)) & (waited <= within)).any())))
    return pairs


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("days", [1, 20, 90])
def test_complaints_are_recovered_as_a_loop_finds_them(seed, days):
    records, within = crowd(60, seed), timedelta(days=days)
    result, expected = recovery(records, within), naive(records, within)
    assert result.complaints == ((records["brand"] == "acme") & (records["kind"] == "complaint")).sum()
    assert (result.followed, result.recovered) == (len(expected), sum(answered for _, answered in expected))
    if result.rate is not None:
        assert result.rate.value == pytest.approx(np.mean([answered for _, answered in expected]))
        assert 0 <= result.rate.low <= result.rate.value <= result.rate.high <= 1


@pytest.mark.parametrize("half_life", [np.inf, 25.0])
def test_the_change_of_the_score_is_that_of_two_replays(half_life):
    records, within = crowd(200, 7).drop(columns="with_brands"), timedelta(days=60)
    policy = FusionPolicy(half_life_days=half_life)

    def score(consumer, time):
        scores = fusion_scores(records, time, policy).set_index(["consumer", "brand"])["fusion_score"]
        return scores.get((consumer, "acme"), 0.0)

    changes = {True: [], False: []}
    for complaint, answered in naive(records, within):
        before, after = complaint.at - MICROSECOND, complaint.at + within
        changes[answered].append(score(complaint.consumer, after) - score(complaint.consumer, before))
    result = recovery(records, within, policy)
    assert result.after_recovery.value == pytest.approx(np.mean(changes[True]), abs=1e-6)
    assert result.after_none.value == pytest.approx(np.mean(changes[False]), abs=1e-6)
    assert result.difference.value == pytest.approx(np.mean(changes[True]) - np.mean(changes[False]), abs=1e-6)


def test_one_answer_may_recover_several_complaints_and_one_of_the_same_time_counts():
    rows = [(0, "ann", "acme", "complaint"), (1, "ann", "acme", "complaint"), (1, "ann", "acme", "recovery")]
    result = recovery(events(*rows, (50, "zoe", "acme", "wear")), timedelta(days=30))
    assert (result.complaints, result.followed, result.recovered, result.answers) == (2, 2, 2, 1)


def test_the_answer_to_another_consumer_or_before_the_complaint_recovers_nothing():
    rows = [(5, "ann", "acme", "complaint"), (4, "ann", "acme", "recovery"), (6, "bob", "acme", "recovery")]
    result = recovery(events(*rows, (50, "zoe", "acme", "wear")), timedelta(days=30))
    assert (result.followed, result.recovered) == (1, 0)


def test_kinds_are_recognized_without_regard_to_case_and_blame_is_a_complaint():
    rows = [(0, "ann", "acme", " Complaint "), (0, "bob", "acme", "BLAME"), (0, "cid", "acme", "cart_abandoned")]
    records = events(*rows, (50, "zoe", "acme", "wear")).assign(valence=[-1.0, -1.0, -1.0, 1.0])
    assert recovery(records, timedelta(days=30)).complaints == 2


def test_the_sentences_stop_where_nothing_is_known():
    quiet = recovery(events((0, "ann", "acme", "wear")), timedelta(days=30))
    assert quiet.sentences() == ["0 complaints, 0 at least 30 days ago."]
    silent = recovery(events((0, "ann", "acme", "complaint")), timedelta(days=7))
    assert silent.sentences()[0] == "1 complaint, 0 at least 7 days ago."
    assert "unknown" in silent.sentences()[1]
