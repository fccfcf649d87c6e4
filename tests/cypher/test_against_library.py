"""Every question of the catalogue has one answer, by the library, by Neo4j and over HTTP."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name

import pytest

import influence_graph as ig
from influence_graph.app.ingest import import_dataset
from influence_graph.app.transfer import copy
from influence_graph.explore.catalogue import catalogue
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.cypher.answers import cases, compared, kept, scored

ONLY_ON_NEO4J: dict[str, str] = {}
"""Questions without an embedded answer, with the reason."""
WITHOUT_ROWS = {
    "campaign-lift",
    "campaigns-of-brand",
    "found-influencers",
    "found-not-declared",
    "found-of-brand",
    "owed-today",
    "quiet-but-followed",
    "repeat-complainers",
    "shown-together",
    "unconnected-consumers",
    "what-moved",
}
"""Questions of which the answers on story and town may be empty; ``tests/explore/answers`` calculates some."""


@pytest.mark.parametrize("name", catalogue())
def test_a_question_has_an_embedded_answer_that_takes_its_parameters(name: str) -> None:
    asked = catalogue()[name]
    if name in ONLY_ON_NEO4J:
        assert ONLY_ON_NEO4J[name]
        return
    answer = resolve_name(f"influence_graph.explore.answers.{asked.topic}:{name.replace('-', '_')}")
    assert list(inspect.signature(answer).parameters) == ["view", *(each.name for each in asked.parameters)]
    assert inspect.getdoc(answer)


def rows(own: EmbeddedStore, server: Neo4jStore, count: int = 4) -> dict[str, int]:
    """Return how many rows of each question were compared, all equal and in the same order."""
    found = dict.fromkeys(catalogue().keys() - ONLY_ON_NEO4J, 0)
    for name, given in cases(own, count):
        if name in ONLY_ON_NEO4J:
            continue
        count, wrong = compared(own, server, name, given)
        assert wrong == [], (name, given)
        found[name] += count
    return found


@pytest.fixture(params=["story", "town"])
def twins(
    request: pytest.FixtureRequest, emptied: Callable[[], Neo4jStore], tmp_path: Path
) -> tuple[EmbeddedStore, Neo4jStore]:
    own, server = EmbeddedStore(tmp_path / "own"), emptied()
    options = ImportOptions(people=60, seed=3) if request.param == "town" else ImportOptions()
    import_dataset(own, IMPORTERS[request.param], None, options)
    copy(own, server)
    return own, server


@pytest.mark.neo4j
def test_a_question_has_the_same_rows_everywhere(twins: tuple[EmbeddedStore, Neo4jStore]) -> None:
    own, server = twins
    assert not any(count for name, count in rows(own, server, 1).items() if "score" in catalogue()[name].needs)
    for store in twins:
        kept(store)
    found = rows(own, server)
    assert [name for name, count in found.items() if not count and name not in WITHOUT_ROWS] == []

    table = own.touchpoints()
    changed = {kind: replace(rule, direction="to_consumer", touchpoint="expediting", valence=-rule.valence)
               for kind, rule in table.kinds.items() if rule.direction == "to_brand"}  # fmt: skip
    for store in twins:
        store.set_touchpoints(ig.TouchpointTable({**table.kinds, **changed}, table.default))
    with pytest.raises(ig.InputError, match=r"table has changed since .*`influence-graph score --write`"):
        ig.ask(own, "touchpoint-mix", {"brand": "restaurant"})
    for store in twins:
        scored(store)
    assert rows(own, server, 2)["touchpoint-mix"]
