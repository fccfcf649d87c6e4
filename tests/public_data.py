"""The public data sets of the tests: where they are, and what happens without them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = "INFLUENCE_GRAPH_TEST_DATA"
BESIDE_THE_PROJECT = Path(__file__).resolve().parents[2] / "shared" / "data"


def public_data(name: str) -> Path:
    """Return the path of the data set *name*, or of a file in it.

    Without it the test is skipped, or fails where REQUIRE_DATA is 1.
    """
    folder = Path(os.environ.get(FOLDER) or BESIDE_THE_PROJECT)
    path = folder / name
    if not path.exists():
        (pytest.fail if os.environ.get("REQUIRE_DATA") == "1" else pytest.skip)(
            f"the public data set {name} is not in {folder}; set {FOLDER} to the folder of the data sets"
        )
    return path
