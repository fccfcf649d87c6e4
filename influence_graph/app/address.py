"""Addresses of stores as users write them."""

from __future__ import annotations

import os

from influence_graph.errors import InputError

SERVER = "neo4j"
"""The address that stands for the one in ``NEO4J_URI``."""


def resolved(url: str) -> str:
    """Return *url*, or what ``NEO4J_URI`` holds where *url* is ``neo4j``.

    Raises:
        InputError: the variable is not set, or holds no address.
    """
    if url != SERVER:
        return url
    uri = os.environ.get("NEO4J_URI")
    if not uri:
        raise InputError("--store neo4j needs the environment variable NEO4J_URI", remedy="set it, or give the address")
    if "://" not in uri:
        raise InputError("NEO4J_URI holds no address of a Neo4j", remedy="write bolt://HOST:PORT")  # maybe a password
    return uri
