import threading
import time
from pathlib import Path

import pytest

from influence_graph.app.recompute.held import held
from influence_graph.errors import LockHeld
from influence_graph.stores.base import RECALCULATION
from influence_graph.stores.embedded.store import EmbeddedStore


def test_a_lease_is_renewed_while_it_is_held_and_released_then(tmp_path: Path) -> None:
    store, other = EmbeddedStore(tmp_path), EmbeddedStore(tmp_path)
    store.migrate()
    with held(store, ttl=3.0) as lease:
        time.sleep(4.0)
        with pytest.raises(LockHeld), other.lease(RECALCULATION):
            pass
        store.set_state("seen", {"by": "me"}, lease)
    with other.lease(RECALCULATION) as later:
        assert later.token == lease.token + 1


def test_who_holds_a_lease_is_told_once_it_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, lost = EmbeddedStore(tmp_path), threading.Event()
    store.migrate()

    def refuse(lease: object, ttl: float) -> None:
        raise LockHeld("it has passed to another process")

    monkeypatch.setattr(store, "renew", refuse)
    with held(store, 0.3, lost.set):
        assert lost.wait(30)
