"""The table of results: each kind once, with all that stores, commands and pages read from it."""

from __future__ import annotations

import pyarrow as pa
import pytest

from influence_graph.errors import NotFound
from influence_graph.model.parameters import RankParameters
from influence_graph.model.results import RESULTS, Shape, kind_of, measures


def test_every_kind_stands_under_its_own_name() -> None:
    assert all(name == kind.kind for name, kind in RESULTS.items())


def test_no_two_kinds_share_a_place_in_neo4j_or_a_name_of_rank_by() -> None:
    places = [kind.neo4j for kind in RESULTS.values()]
    assert len(set(places)) == len(places)
    assert len(measures()) == sum(kind.measure is not None for kind in RESULTS.values())
    assert measures()["pagerank"].kind == "rank"


@pytest.mark.parametrize("kind", RESULTS.values(), ids=lambda kind: kind.kind)
def test_columns_have_the_types_and_units_that_the_stores_keep(kind) -> None:
    assert kind.schema.names == [column.name for column in kind.columns]
    assert kind.title
    if kind.shape is Shape.NODES:
        node_and_score = pa.schema([("label", pa.string()), ("id", pa.string()), ("score", pa.float64())])
        assert pa.schema(list(kind.schema)[:3]) == node_and_score
        assert kind.run_property
    else:
        assert kind.measure is None


def test_a_measure_takes_fields_of_the_parameters_only() -> None:
    for kind in measures().values():
        assert kind.measure is not None
        assert all(hasattr(RankParameters(), option) for option in kind.measure.options)


def test_a_kind_is_found_by_its_name_or_by_itself() -> None:
    assert kind_of("score") is kind_of(RESULTS["score"])
    with pytest.raises(NotFound, match="did you mean 'score'") as refused:
        kind_of("scores")
    assert "\n" not in str(refused.value)
