"""Where the configuration is: a file that is named, else the one in the working folder, if that can be trusted."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from influence_graph.errors import InputError

FILE_NAME = "influence-graph.toml"
"""The file that is read where it lies in the working folder and no other is named."""
VARIABLE = "INFLUENCE_GRAPH_CONFIG"
"""The environment variable that names another."""


def configuration_file(named: Path | None) -> Path | None:
    """Return the file of the configuration: *named*, else that of the working folder, None where there is none.

    A file that nobody has named may have been put there by somebody else: it could send a password elsewhere.

    Raises:
        InputError: the file of the working folder belongs to another user, or others may write to it.
    """
    if named is not None:
        return named
    path = Path(FILE_NAME)
    try:
        found = path.stat()
    except OSError:
        return None
    if found.st_uid not in (os.geteuid(), 0):
        message = f"{path} in this folder belongs to another user (uid {found.st_uid}), and was not named"
        raise InputError(message, remedy=f"name it if you trust it: influence-graph --config {path} …")
    if found.st_mode & stat.S_IWOTH:
        message = f"others can write to {path} (mode {stat.S_IMODE(found.st_mode):04o})"
        raise InputError(message, remedy=f"run: chmod o-w {path}")
    return path
