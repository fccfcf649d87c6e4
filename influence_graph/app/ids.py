"""Ids that begin with a text, for completion on the command line: nothing slow is imported for them."""

from __future__ import annotations

from pathlib import Path

from influence_graph.app.address import resolved
from influence_graph.stores.embedded.ids import FILE_NAME, ids_in_file

IDS = 60
"""How many ids are offered at once."""


def ids_starting(
    url: str, label: str, prefix: str, limit: int = IDS, *, allow_remote_plaintext: bool = False
) -> list[tuple[str, str]]:
    """Return the first *limit* ids of nodes with *label* that begin with *prefix*, in order, each with its name.

    Args:
        url: Address of the store; it is open only as long as this takes, and nothing waits for a lock.
        label: ``Consumer`` or ``Brand``.
        prefix: Beginning of the ids, with its case; "" for all.
        limit: 1 or more.
        allow_remote_plaintext: Let an unencrypted connection leave this machine.

    Returns:
        Pairs of id and name, the name "" where there is none.

    Raises:
        InputError: the address is not allowed.
        StoreError: the store is not there, is in use, or does not answer.
    """
    address = resolved(url)
    if "://" not in address:
        return ids_in_file(Path(address), label, prefix, limit)
    from influence_graph.stores.neo4j.ids import ids_on_server

    return ids_on_server(address, label, prefix, limit, allow_remote_plaintext=allow_remote_plaintext)


def is_store(folder: Path) -> bool:
    """Return whether *folder* holds an embedded store; nothing is opened."""
    return (folder / FILE_NAME).is_file()
