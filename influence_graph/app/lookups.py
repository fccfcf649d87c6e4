"""Display names for pages."""

from __future__ import annotations

from influence_graph.model.records import BRANDS, PEOPLE
from influence_graph.stores.base import Store


def names_of(store: Store) -> dict[str, str]:
    """Return the display names of brands and people that have one, by id."""
    found: dict[str, str] = {}
    for kind in (BRANDS, PEOPLE):
        for table in store.records(kind):
            pairs = zip(table["id"].to_pylist(), table["name"].to_pylist(), strict=True)
            found.update({id_: name for id_, name in pairs if name})
    return found
