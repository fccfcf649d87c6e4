"""Ids that must be there, display names, and the graph that is ranked by default."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from influence_graph.app.lookups import default_graph, names_of, require, require_ties
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import GraphKind
from influence_graph.model.names import NodeNames
from influence_graph.model.records import BRANDS, PEOPLE
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import DAY, add, filled


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(tmp_path / "store")


def test_what_is_not_there_is_refused_with_the_nearest_names(store: EmbeddedStore) -> None:
    filled(store)
    require(store, PEOPLE, ["ann", "dan"])
    require(store, BRANDS, [])
    with pytest.raises(NotFound, match=r"no consumer 'amn'; did you mean 'ann'"):
        require(store, PEOPLE, ["ann", "amn"])
    with pytest.raises(NotFound, match=r"no brand 'zzz'; it holds 4: see `influence-graph export brands`"):
        require(store, BRANDS, ["zzz"])


def test_names_are_those_that_are_given(store: EmbeddedStore) -> None:
    add(store, "people", {"id": "ann", "name": "Ann"}, {"id": "bob"})
    add(store, "brands", {"id": "acme", "name": "Acme & Co"})
    add(store, "brands", {"id": "ann", "name": "Ann's Bakery"})
    people, pairs = pd.DataFrame({"id": ["ann", "bob"]}), pd.DataFrame({"consumer": ["ann"], "brand": ["acme"]})
    assert names_of(store, people) == NodeNames({"ann": "Ann"})
    assert names_of(store, pairs) == NodeNames({"ann": "Ann"}, {"acme": "Acme & Co"})
    assert names_of(store, people.assign(label="Brand")) == NodeNames({}, {"ann": "Ann's Bakery"})


def test_ties_are_ranked_where_there_are_any_else_interactions(store: EmbeddedStore) -> None:
    store.migrate()
    for refuses in (default_graph, require_ties):
        with pytest.raises(InputError, match="holds no ties"):
            refuses(store)
    event = {"event_id": "1", "at": None, "consumer": "ann", "brand": "acme", "direction": "to_brand"}
    add(store, "interactions", event | {"at": DAY, "touchpoint": "engagement"})
    assert default_graph(store) is GraphKind.INTERACTIONS
    add(store, "ties", {"source": "ann", "target": "bob", "kind": "follows"})
    assert default_graph(store) is GraphKind.TIES
    require_ties(store)
