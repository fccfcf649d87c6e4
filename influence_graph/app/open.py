"""From an address to a store."""

from __future__ import annotations

from pathlib import Path

from influence_graph.app.address import resolved
from influence_graph.errors import InputError
from influence_graph.model.parameters import DEFAULT_STORE
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j import SCHEMES


def open_store(url: str | Path = DEFAULT_STORE, *, allow_remote_plaintext: bool = False) -> Store:
    """Return the store at *url*: a folder, ``neo4j://…``, ``bolt://…``, or ``neo4j`` for ``NEO4J_URI``.

    Nothing is opened yet. User name and password of a Neo4j come from ``NEO4J_USERNAME`` and
    ``NEO4J_PASSWORD``, or from the password file of a server that ``influence-graph neo4j up`` started.

    Args:
        url: Where the store is.
        allow_remote_plaintext: Let an unencrypted ``bolt://`` or ``neo4j://`` leave this machine.

    Raises:
        InputError: the scheme is unknown, or the address is not allowed.

    Example:
        >>> open_store("my-data/").url
        'my-data'
    """
    text = resolved(str(url))
    scheme, separator, _ = text.partition("://")
    if not text.strip():
        raise InputError("the store address is empty", remedy="give a folder, or the address of a Neo4j")
    if not separator:
        return EmbeddedStore(Path(text))
    if scheme not in SCHEMES:
        raise InputError(
            f"the store address has the unknown scheme {scheme!r}",  # the rest may hold a password
            remedy=f"use a folder, or {', '.join(s + '://' for s in SCHEMES)}",
        )
    from influence_graph.stores.neo4j.store import Neo4jStore

    store: Store = Neo4jStore(text, allow_remote_plaintext=allow_remote_plaintext)
    return store
