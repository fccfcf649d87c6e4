"""Chains of corrections against the recursive definition: scores, states kept batch by batch, and terms."""

from __future__ import annotations

import numpy as np
import pytest

from influence_graph.analyses.fusion.explain import explain
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.fusion.state import FusionState
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion import naive
from tests.analyses.fusion.chains import SEEDS, in_batches, ledger, moment
from tests.analyses.fusion.events import frame

POLICIES = (FusionPolicy(), FusionPolicy(spillover=0.5, half_life_days=9.0))


def bonds(found):
    ends = zip(found["consumer"].tolist(), found["brand"].tolist(), strict=True)
    return dict(zip(ends, found[["to_brand", "to_consumer"]].to_numpy().tolist(), strict=True))


def same(found, expected):
    assert found.keys() == expected.keys()
    for bond, sides in expected.items():
        assert found[bond] == pytest.approx(list(sides), rel=1e-9, abs=1e-9), bond


@pytest.mark.parametrize("seed", SEEDS)
def test_scores_at_any_two_times(seed):
    records, rng = ledger(seed)
    policy, events = rng.choice(POLICIES), frame(records)
    for as_of, valid_at in ((moment(rng), None), (moment(rng), None), (moment(rng), moment(rng))):
        found = fusion_scores(events, as_of, policy, valid_at)
        same(bonds(found), naive.scores(records, as_of, policy, valid_at))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_state_brought_up_to_date_batch_by_batch(seed):
    records, rng = ledger(seed)
    policy, seen = rng.choice(POLICIES), []
    state = FusionState.build(frame([]), policy)
    for batch in in_batches(records, rng):
        state = state.update(frame(batch))
        seen += batch
        same(bonds(state.scores()), naive.scores(seen, state.sums.latest(), policy))
    times = [moment(rng), moment(rng)]
    known = [naive.scores(records, time, policy) for time in times]
    for bond in {(record["consumer"], record["brand"]) for record in records[:2]}:
        found = state.at(*bond, times)[["to_brand", "to_consumer"]].to_numpy()
        wanted = np.array([scores.get(bond, (0.0, 0.0)) for scores in known])
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_terms_of_a_bond(seed):
    records, rng = ledger(seed)
    policy, events, (as_of, valid_at) = rng.choice(POLICIES), frame(records), (moment(rng), moment(rng))
    expected = list(naive.terms(records, as_of, policy, valid_at))
    for bond in {(record["consumer"], record["brand"]) for record in records[:2]}:
        found = explain(events, *bond, as_of, policy=policy, valid_at=valid_at).contributions
        amounts = {id_: amount for id_, *ends, _, amount in expected if tuple(ends) == bond}
        told = dict(zip(found["event_id"], found["contribution"], strict=True))
        assert told == pytest.approx(amounts, rel=1e-9, abs=1e-9)
