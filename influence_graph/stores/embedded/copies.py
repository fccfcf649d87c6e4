"""Private copies of the embedded store's file, for what takes long and must keep nobody out."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from influence_graph.errors import StoreError
from influence_graph.stores.embedded.damage import log_of


@contextmanager
def copied(path: Path) -> Iterator[Path]:
    """Copy the database *path*, which nobody may write to meanwhile, and give the copy's path for the ``with`` block.

    It lies beside *path*, where there is room for another and some file systems share the blocks, or else among the
    temporary files; only its owner can read it.

    Raises:
        StoreError: there is no room for it.
    """
    with ExitStack() as inside:
        try:
            folder = inside.enter_context(tempfile.TemporaryDirectory(prefix=".copy-", dir=path.parent))
        except OSError:
            folder = inside.enter_context(tempfile.TemporaryDirectory(prefix="influence-graph-"))
        log = log_of(path)
        files = [path, log] if log.exists() else [path]
        # Not by this process: when it closes any descriptor of the file it loses the file's lock (fcntl(2)).
        done = subprocess.run(  # noqa: S603 - no shell
            ["cp", *files, folder],  # noqa: S607 - wherever the system has it
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StoreError(f"{path} cannot be copied: {done.stderr.strip()}", remedy="free some disk space")
        yield Path(folder, path.name)
