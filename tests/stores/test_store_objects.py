"""Stores as objects of Python: a line, a ``with`` block, texts for kinds, and results that come back as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from influence_graph.errors import LockHeld, NotFound
from influence_graph.model.graph import GraphKind
from influence_graph.model.records import CAMPAIGNS, INTERACTIONS, KINDS, PEOPLE, TIES
from influence_graph.model.results import RESULTS, Shape, kind_of
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import DAY, batch, event, ranks, rows, run, tie


def filled(store: Store) -> Store:
    names = ("ann", "bob", "cid")
    store.append("people", [batch(PEOPLE, *({"id": name} for name in names))])
    store.append("ties", [batch(TIES, tie("bob", "ann"), tie("ann", "cid", "friend"))])
    store.append("interactions", [batch(INTERACTIONS, event("e1", "ann"), event("e2", "bob", day=3))])
    campaigns = [{"event_id": id_, "at": DAY, "brand": "acme"} for id_ in ("k1", "k2")]
    store.append("campaigns", [batch(CAMPAIGNS, *campaigns)])
    return store


def test_a_store_is_one_short_line_with_its_address(store: Store) -> None:
    assert repr(store) == f"<{type(store).__name__} {store.url}>"


def test_a_store_shows_what_it_holds_in_a_notebook(store: Store) -> None:
    page = filled(store)._repr_html_()
    assert type(store).__name__ in page
    assert "<td>people</td>\n      <td>3</td>" in page


def test_a_store_that_cannot_be_read_says_so_in_a_notebook(tmp_path: Path) -> None:
    page = EmbeddedStore(tmp_path / "<nothing>")._repr_html_()
    assert "there is no store in" in page
    assert "<nothing>" not in page


def test_a_store_is_its_own_context_and_can_be_used_again(store: Store) -> None:
    with filled(store) as opened:
        assert opened is store
        assert opened.counts()["people"] == 3
    assert store.counts()["people"] == 3


def test_graphs_and_records_may_be_requested_by_their_text(store: Store) -> None:
    filled(store)
    for kind in GraphKind:
        assert store.graph(kind.value).digest == store.graph(kind).digest
    for name, record_kind in KINDS.items():
        assert rows(store, name) == rows(store, record_kind)


def test_texts_that_name_nothing_are_refused_with_the_nearest_name(store: Store) -> None:
    store.migrate()
    for call, near in (
        (lambda: store.graph("tie"), "'ties'"),
        (lambda: store.records("person"), "people"),
        (lambda: store.results("ranks"), "'rank'"),
    ):
        with pytest.raises(NotFound, match=near):
            call()


def table(kind: str) -> pa.Table:
    """Return two rows of *kind* with extreme values, and null where a learned delay may be."""
    made: dict[str, list[Any]] = {}
    for column in kind_of(kind).columns:
        made[column.name] = {
            "text": ["ann", "bob"],
            "number": [1e-300, -0.1 - 0.2],
            "integer": [1, 2],
            "time": [DAY.replace(microsecond=123456)] * 2,
        }[column.type]
    if kind_of(kind).shape is Shape.NODES:
        made["label"] = ["Consumer", "Consumer"]
    if "campaign" in made:
        made["campaign"] = ["k1", "k2"]
    for name in {"target", "brand"} & made.keys():
        made[name] = ["cid", "cid"] if name == "target" else ["acme", "acme"]
    if "mean_delay" in made:
        made["mean_delay"] = [None, 3600.0]
    return pa.table({name: pa.array(values) for name, values in made.items()}).cast(kind_of(kind).schema)


def test_results_of_every_kind_come_back_to_the_last_digit(store: Store) -> None:
    filled(store)
    for kind in RESULTS:
        written = table(kind)
        store.write(run(kind, f"{kind}-1"), written)
        found = store.results(kind)
        assert found is not None
        by = [(name, "ascending") for name in written.column_names]
        assert found[1].schema == kind_of(kind).schema
        assert found[1].sort_by(by).to_pylist() == written.sort_by(by).to_pylist()


def test_a_lease_that_ended_by_an_error_is_free_again(store: Store) -> None:
    with pytest.raises(ValueError, match="mine"), store.lease("recompute", ttl=600):
        raise ValueError("mine")
    with store.lease("recompute") as lease:
        assert lease.name == "recompute"


def test_leases_of_two_names_are_held_at_once(store: Store) -> None:
    with store.lease("one", ttl=60) as one, store.lease("two", ttl=60) as two:
        assert (one.name, two.name) == ("one", "two")
        with pytest.raises(LockHeld, match="'two'"), store.lease("two"):
            pass


def test_a_write_under_a_held_lease_is_the_current_run(store: Store) -> None:
    filled(store)
    with store.lease("recompute", ttl=60) as lease:
        store.write(run("rank", "rank-1"), ranks(("Consumer", "ann", 1.0)), lease)
    found = store.results("rank")
    assert found is not None
    assert found[0].id == "rank-1"
