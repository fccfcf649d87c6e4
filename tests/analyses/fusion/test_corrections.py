"""Late records, corrections and hindsight against the definition, on random ledgers."""

from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.fusion.explain import explain
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.errors import InputError
from tests.analyses.fusion import naive
from tests.analyses.fusion.events import START, corrected_ledgers, frame, ledgers, policies, quick

times = st.integers(0, 12).map(lambda days: START + timedelta(days=days))


def bonds(result):
    columns = ("consumer", "brand", "to_brand", "to_consumer")
    return {(c, b): (x, y) for c, b, x, y in zip(*(result[name].tolist() for name in columns), strict=True)}


def same(found, expected):
    assert found.keys() == expected.keys()
    for bond, sides in expected.items():
        assert found[bond] == pytest.approx(sides, rel=1e-9, abs=1e-9), bond


@quick
@given(corrected_ledgers(), policies, times, times)
def test_scores_at_any_two_times_are_those_of_the_definition(events, policy, as_of, valid_at):
    found = fusion_scores(frame(events), as_of, policy, valid_at)
    same(bonds(found), naive.scores(events, as_of, policy, valid_at))


@quick
@given(corrected_ledgers(), policies, times)
def test_hindsight_alone_uses_all_that_is_known(events, policy, valid_at):
    found = fusion_scores(frame(events), policy=policy, valid_at=valid_at)
    same(bonds(found), naive.scores(events, START + timedelta(days=99), policy, valid_at))


@quick
@given(ledgers(late=False), policies, times)
def test_without_late_records_and_corrections_hindsight_shows_what_was_seen(events, policy, time):
    seen, hindsight = fusion_scores(frame(events), time, policy), fusion_scores(frame(events), None, policy, time)
    pd.testing.assert_frame_equal(seen, hindsight, check_exact=True)


@quick
@given(corrected_ledgers(), policies, times, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(events, policy, as_of, random):
    shuffled = random.sample(events, len(events))
    same(bonds(fusion_scores(frame(shuffled), as_of, policy)), naive.scores(events, as_of, policy))


@quick
@given(corrected_ledgers(max_size=8), policies, times, times)
def test_terms_sum_to_the_score_whatever_was_corrected(events, policy, as_of, valid_at):
    scores = naive.scores(events, as_of, policy, valid_at)
    for event in events[:3]:
        bond = event["consumer"], event["brand"]
        found = explain(frame(events), *bond, as_of, policy=policy, valid_at=valid_at)
        expected = scores.get(bond, (0.0, 0.0))
        assert (found.to_brand, found.to_consumer) == pytest.approx(expected, rel=1e-9, abs=1e-9)
        assert found.contributions["contribution"].sum() == pytest.approx(found.score, rel=1e-9, abs=1e-9)


@quick
@given(corrected_ledgers(max_size=8), policies, times)
def test_an_event_left_out_is_a_replay_without_it_corrections_too(events, policy, as_of):
    for left_out in events[:2]:
        rest = [event for event in events if event is not left_out]
        expected = naive.scores(rest, as_of, policy)
        for bond in {(event["consumer"], event["brand"]) for event in events[:4]}:
            found = explain(frame(events), *bond, as_of, [left_out["event_id"]], policy)
            sides = expected.get(bond, (0.0, 0.0))
            assert (found.to_brand, found.to_consumer) == pytest.approx(sides, rel=1e-9, abs=1e-9)


def chain(*links):
    """Return events of one point each on brands b0, b1 …; *links* are (id, replaced id)."""
    at = [f"2026-05-0{day}T00:00:00Z" for day in range(1, len(links) + 1)]
    columns = {"at": at, "consumer": "annie", "brand": [f"b{i}" for i in range(len(links))], "points": 1.0}
    return pd.DataFrame({"event_id": [a for a, _ in links], **columns, "replaces": [b for _, b in links]})


@pytest.mark.parametrize(
    ("links", "left"),
    [
        ([("a", None), ("b", "a"), ("c", "b")], ["b2"]),
        ([("a", None), ("b", "a"), ("c", "b"), ("d", "c")], ["b3"]),
        ([("a", None), ("b", "a"), ("c", "a")], ["b1", "b2"]),
        ([("a", None), ("b", "a"), ("c", "a"), ("d", "b")], ["b2", "b3"]),
        ([("a", "b"), ("b", "a")], ["b1"]),
        ([("a", "b"), ("b", "c"), ("c", "a")], ["b2"]),
        ([("a", "unknown"), ("b", None)], ["b0", "b1"]),
    ],
)
def test_the_last_of_a_chain_counts_alone(links, left):
    assert fusion_scores(chain(*links))["brand"].tolist() == left


def test_a_retraction_revives_what_was_replaced():
    events = chain(("a", None), ("b", "a"), ("c", "b"), ("d", "c")).assign(
        kind=["wear", "wear", "retraction", "retraction"]
    )
    counting = [fusion_scores(events, f"2026-05-0{day}T00:00:00Z")["brand"].tolist() for day in (1, 2, 3, 4)]
    assert counting == [["b0"], ["b1"], ["b0"], ["b1"]]


def test_a_correction_counts_from_when_it_is_known():
    events = chain(("a", None), ("b", "a"))
    assert fusion_scores(events, "2026-05-01T23:00:00Z")["brand"].tolist() == ["b0"]
    assert fusion_scores(events, "2026-05-02T00:00:00Z")["brand"].tolist() == ["b1"]
    assert fusion_scores(events, valid_at="2026-05-01T00:00:00Z").empty


def test_an_event_cannot_replace_itself():
    with pytest.raises(InputError, match="'b' replaces itself"):
        read_ledger(chain(("a", None), ("b", "b")))


def test_valid_at_is_checked_like_as_of():
    with pytest.raises(InputError, match="valid_at 'soon' is not a time"):
        fusion_scores(chain(("a", None)), valid_at="soon")
