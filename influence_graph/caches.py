"""Folders for what can be calculated again: only the user can read them, and one variable says where they are."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from platformdirs import user_cache_path

from influence_graph.ending import unfinished
from influence_graph.errors import InputError

VARIABLE = "INFLUENCE_GRAPH_CACHE"
"""The environment variable that names the folder of all caches."""
_OTHERS = 0o077


def cache_folder(name: str) -> Path:
    """Return the folder of the caches *name*: in that of ``INFLUENCE_GRAPH_CACHE``, else in the user's cache folder."""
    given = os.environ.get(VARIABLE)
    return (Path(given).expanduser() if given else user_cache_path("influence-graph")) / name


def make_private(folder: Path) -> None:
    """Make *folder* (mode 0700), or take what is in it from all but the user (folders 0700, files 0600).

    Raises:
        OSError: it cannot be made, or belongs to somebody else.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not folder.stat().st_mode & _OTHERS:
        return
    folder.chmod(0o700)
    for parent, folders, files in os.walk(folder):
        for names, mode in ((folders, 0o700), (files, 0o600)):
            for path in (Path(parent, name) for name in names):
                with suppress(FileNotFoundError):  # others may work in it meanwhile
                    if not path.is_symlink():
                        path.chmod(mode)


def write_private(path: Path, *parts: bytes) -> None:
    """Write *parts* to *path* (mode 0600) in one step; its folder must exist.

    Raises:
        OSError: the folder cannot be written to, or is full.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with unfinished(partial(temporary.unlink, missing_ok=True)), os.fdopen(handle, "wb") as file:
            file.writelines(parts)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def usable(folder: Path) -> Iterator[None]:
    """Tell of an OSError in the ``with`` block that the cache *folder* cannot be used, and by what another is given.

    Raises:
        InputError: such an error.
    """
    try:
        yield
    except OSError as error:
        raise InputError(
            f"the cache folder {folder} cannot be used: {error.strerror or error}",
            remedy=f"free some space there, or name another folder in {VARIABLE}",
        ) from error


def remove(path: Path) -> None:
    """Delete *path*, whatever it is and if it is; what others have open stays readable to them."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
