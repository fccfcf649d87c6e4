"""A disk that takes no more while records are stored: one line, and what was there still opens."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from influence_graph.model.records import INTERACTIONS
from influence_graph.stores.embedded.store import FILE_NAME, EmbeddedStore
from tests.stores.given import batch, event

ROWS = 60_000
_MORE_BYTES = 400_000  # as much as the file may still grow, less than what the rows need


def test_records_that_do_not_fit_leave_what_was_there(tmp_path: Path) -> None:
    """The system refuses writes beyond a size (RLIMIT_FSIZE), as a full disk does."""
    store = EmbeddedStore(tmp_path / "store")
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e-before", "ann"))])
    before, size = store.digest(), (store.folder / FILE_NAME).stat().st_size
    lines = [f"e{n},2026-02-{1 + n % 28:02}T12:00:00Z,c{n * 7919},b{n % 50},wear" for n in range(ROWS)]
    (tmp_path / "events.csv").write_text("\n".join(["event_id,at,consumer,brand,kind", *lines, ""]))
    limit = size + _MORE_BYTES
    done = subprocess.run(
        [sys.executable, "-m", "influence_graph", "ingest", "events.csv", "--store", "store"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 1, done.stderr
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert "Traceback" not in done.stderr
    assert EmbeddedStore(store.folder).digest() == before
