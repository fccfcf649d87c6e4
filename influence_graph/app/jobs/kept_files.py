"""Files of what can be calculated again, in a cache folder: private, whole or absent, and never a reason to fail.

A file is a magic line, a digest of the rest, and an Arrow stream whose metadata hold a header of JSON values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from influence_graph.caches import make_private, write_private

_DIGEST_BYTES = 16


def write(path: Path, magic: bytes, header: Mapping[str, Any], table: pa.Table) -> bool:
    """Write *table* with *header* to *path* in one step; return whether that could be done."""
    body = pa.BufferOutputStream()
    with pa.ipc.new_stream(body, table.schema.with_metadata({"header": json.dumps(header)})) as stream:
        stream.write_table(table.replace_schema_metadata({"header": json.dumps(header)}))
    content = body.getvalue()
    digest = hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()
    try:
        make_private(path.parent)
        write_private(path, magic, digest, content)
    except OSError:
        return False
    return True


def read(path: Path, magic: bytes) -> tuple[Any, pa.Table] | None:
    """Return the header and the table in *path*; None where no whole file that begins with *magic* is there."""
    try:
        if not path.is_file():
            return None
        make_private(path.parent)
        content = memoryview(path.read_bytes())
    except OSError:
        return None
    start = len(magic) + _DIGEST_BYTES
    body = content[start:]
    if content[:start] != magic + hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest():
        return None
    try:
        table = pa.ipc.open_stream(body).read_all()
        return json.loads((table.schema.metadata or {})[b"header"]), table
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError, RecursionError):
        return None
