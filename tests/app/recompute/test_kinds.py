import pytest

from influence_graph.app.recompute.kinds import ALIASES, DEFAULT, asked_for, calculated, initial, ordered
from influence_graph.errors import NotFound
from influence_graph.model.parameters import RecomputeParameters
from influence_graph.model.results import RESULTS


def test_every_kind_of_result_can_be_recalculated_after_what_it_needs() -> None:
    order = ordered(RESULTS)
    assert sorted(order) == sorted(RESULTS)
    for place, kind in enumerate(order):
        assert not set(RESULTS[kind].needs) & set(order[place:])
        parameters = initial(kind, RecomputeParameters())
        assert calculated(kind).job.kind(parameters).kind == kind
    assert ordered(["seeds", "score", "learn"]) == ["score", "learn", "seeds"]


def test_steps_have_several_names() -> None:
    assert asked_for(("fusion", "probabilities", "hits-hub", "seeds")) == ("score", "learn", "hub", "seeds")
    assert set(ALIASES.values()) <= set(RESULTS)
    assert set(DEFAULT) <= set(RESULTS)
    with pytest.raises(NotFound, match="no step 'sedes'; did you mean 'seeds'"):
        asked_for(("rank", "sedes"))
