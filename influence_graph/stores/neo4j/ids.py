"""Ids of a server that begin with a text, read without the rest of the store."""

from __future__ import annotations

from influence_graph.stores.neo4j.database import Database

_TAB_SECONDS = 3.0  # who pressed Tab waits


def ids_on_server(
    url: str, label: str, prefix: str, limit: int, *, allow_remote_plaintext: bool = False
) -> list[tuple[str, str]]:
    """Return the first *limit* ids of *label* that begin with *prefix*, in order, with names ("": none).

    Raises:
        InputError: *url* is not allowed.
        StoreUnreachable: nothing answers there within 3 seconds.
        AuthenticationFailed: user name or password are wrong.
    """
    database = Database(url, allow_remote_plaintext=allow_remote_plaintext, timeout=_TAB_SECONDS)
    try:
        rows = database.read(f"ids-{label.lower()}", prefix=prefix, limit=limit)
    finally:
        database.close()
    return [(row["id"], row["name"]) for row in rows]
