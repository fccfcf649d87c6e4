"""Every term of real and of invented bonds: they sum to the score, and leaving one out is a replay."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from influence_graph.analyses.fusion.explain import explain
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.fusion.state import FusionState
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.town import TownParameters, generate_town
from influence_graph.model.policy.policy import FusionPolicy
from tests.public_data import public_data

POLICY = FusionPolicy(half_life_days=60.0)


def interactions(batches):
    return pa.concat_tables([batch.table for batch in batches if batch.kind.name == "interactions"])


@pytest.fixture(params=["lastfm", "town"])
def ledger(request):
    if request.param == "town":
        return interactions(generate_town(TownParameters(people=300)).batches())
    return interactions(IMPORTERS["lastfm"].read(public_data("lastfm_hetrec2011"), ImportOptions()))


def test_terms_of_a_hundred_bonds_sum_to_the_score_and_one_left_out_is_a_replay(ledger):
    state = FusionState.build(ledger, POLICY)
    scores = state.scores()
    chosen = scores.sample(100, random_state=0)
    for number, bond in enumerate(chosen.itertuples()):
        own = state.interactions_of(bond.consumer)
        found = explain(own, bond.consumer, bond.brand, scores.attrs["as_of"], policy=POLICY)
        assert found.contributions["contribution"].sum() == pytest.approx(bond.fusion_score, rel=1e-9, abs=1e-9)
        if number % 5:
            continue
        event = found.contributions["event_id"].iloc[
            int(np.random.default_rng(number).integers(len(found.contributions)))
        ]
        without = explain(own, bond.consumer, bond.brand, scores.attrs["as_of"], [event], POLICY)
        rest = own.filter(pc.not_equal(own.column("event_id"), event))
        replay = fusion_scores(rest, scores.attrs["as_of"], POLICY)
        place = (replay["consumer"] == bond.consumer) & (replay["brand"] == bond.brand)
        assert without.score == pytest.approx(replay.loc[place, "fusion_score"].sum(), rel=1e-9, abs=1e-9)
