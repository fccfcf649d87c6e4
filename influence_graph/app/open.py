"""From an address to a store."""

from __future__ import annotations

import re
from pathlib import Path

from influence_graph.app.address import resolved
from influence_graph.errors import InputError
from influence_graph.model.parameters import DEFAULT_STORE
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.limits import check_limits
from influence_graph.stores.neo4j import SCHEMES
from influence_graph.text import path_text

_LIKE_AN_ADDRESS = re.compile(r"@|%40|^\s*(bolt|neo4j|https?)(\+\w*)?[:/]", re.IGNORECASE)
_PATHS = ("./", "../", "/", "~")


def open_store(
    url: str | Path = DEFAULT_STORE,
    *,
    allow_remote_plaintext: bool = False,
    timeout: float | None = None,
    in_all: bool = False,
) -> Store:
    """Return the store at *url*: a folder, ``neo4j://…``, ``bolt://…``, or ``neo4j`` for ``NEO4J_URI``.

    Nothing is opened yet. User name and password of a Neo4j come from ``NEO4J_USERNAME`` and
    ``NEO4J_PASSWORD``, or from the password file of a server that ``influence-graph neo4j up`` started.

    Args:
        url: Where the store is.
        allow_remote_plaintext: Let an unencrypted ``bolt://`` or ``neo4j://`` leave this machine.
        timeout: How long a server may keep a call waiting before the call raises :class:`StoreUnreachable`, in
            (0, 86400] seconds, None: 120, for a query 60; how long a folder that another process writes to is waited
            for, None: 30.
        in_all: Count the waits for a server in all calls together, as a command does.

    Raises:
        InputError: the scheme is unknown, the address is not allowed, or *timeout* is out of its limits.

    Example:
        >>> open_store("my-data/").url
        'my-data'
    """
    text = resolved(str(url))
    scheme, separator, _ = text.partition("://")
    if not text.strip():
        raise InputError("the store address is empty", remedy="give a folder, or the address of a Neo4j")
    if not separator:
        if timeout is None:
            return EmbeddedStore(_folder(text))
        check_limits(timeout, 1)
        return EmbeddedStore(_folder(text), lock_wait=timeout)
    if scheme not in SCHEMES:
        known = repr(scheme) if scheme.isalnum() else "of characters that no scheme has"  # it may hold a password
        raise InputError(
            f"the store address has the unknown scheme {known}",
            remedy=f"use a folder, or {', '.join(s + '://' for s in SCHEMES)}",
        )
    from influence_graph.stores.neo4j.store import Neo4jStore

    store: Store = Neo4jStore(text, allow_remote_plaintext=allow_remote_plaintext, timeout=timeout, in_all=in_all)
    return store


def _folder(text: str) -> Path:
    """Return the folder *text*, which is not shown where it may be a malformed address: that may hold a password."""
    if _LIKE_AN_ADDRESS.search(text) and (text.startswith("//") or not text.startswith(_PATHS)):
        raise InputError(
            "the store address looks like that of a server, and has no scheme of one",
            remedy=f"write {SCHEMES[0]}://HOST:PORT, or for a folder of that name ./NAME",
        )
    folder = Path(text)
    if path_text(folder) != str(folder):  # DuckDB takes no other names
        raise InputError(f"the store folder {path_text(folder)} has a name that is not UTF-8", remedy="name another")
    return folder
