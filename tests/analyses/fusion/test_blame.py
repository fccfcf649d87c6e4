"""How much of a negative event spills over where its record states no blame."""

import pytest

from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion.events import frame

AT = "2026-05-01T20:00:00Z"


@pytest.mark.parametrize(("points", "stated", "reached"), [(-8.0, None, -1.0), (-8.0, 0.25, -0.5), (8.0, None, 2.0)])
def test_the_policys_blame_gates_negative_events_that_state_none(points, stated, reached):
    event = {"event_id": "fish", "at": AT, "consumer": "singer", "brand": "restaurant", "points": points}
    events = frame([{**event, "with_brands": "sweater", "blame": stated}])
    scores = fusion_scores(events, policy=FusionPolicy(blame=0.5)).set_index("brand")["fusion_score"]
    assert scores["sweater"] == pytest.approx(reached, abs=1e-12)
    assert scores["restaurant"] == points
