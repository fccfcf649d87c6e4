"""Where the data sets that come with this project lie: inside an installed package, or beside its sources."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from influence_graph.errors import UnreadableFile


def dataset_path(name: str) -> Path:
    """Return the file or folder *name* of the shipped data sets.

    Raises:
        UnreadableFile: the installation has no such data set.
    """
    package = Path(str(resources.files("influence_graph")))
    places = [package / "_data" / "datasets" / name, package.parent / "datasets" / name]
    for place in places:
        if place.exists():
            return place
    raise UnreadableFile(
        f"the data set {name!r} is not in this installation", remedy="install influence-graph again, or give a path"
    )
