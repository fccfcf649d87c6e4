"""Two checkers, killed and frozen past their lease at random moments, with a webhook that fails at random.

``ALERT_KILLS=30`` kills as often; each third time one is stopped for longer than its lease and goes on later.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.schedule.alerts.checker import TTL, check_once, delivery_to
from tests.schedule.alerts.conftest import LATEST, Story
from tests.schedule.alerts.receiver import receiving

KILLS = int(os.environ.get("ALERT_KILLS", "2"))
EACH = 3  # complaints between two kills


def started(store: str, url: str, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.schedule.alerts.checker", store, url, str(file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def ready(checker: subprocess.Popen[str]) -> None:
    assert checker.stdout is not None
    assert checker.stdout.readline() == "ready\n"


def killed(checker: subprocess.Popen[str]) -> None:
    checker.send_signal(signal.SIGCONT)
    checker.kill()
    checker.wait()
    assert checker.stdout is not None
    checker.stdout.close()


def complaints(story: Story, first: int) -> None:
    """Append complaints that have been left alone for some days already."""
    rest = {"at": LATEST - timedelta(days=9), "brand": "restaurant", "kind": "complaint"}
    rows = [{"event_id": f"alone-{n}", "consumer": f"guest-{n}", **rest} for n in range(first, first + EACH)]
    story.add(*rows)


@pytest.mark.timeout(300 + 60 * KILLS)
def test_each_complaint_is_told_under_one_id_and_stands_in_the_file_once(happened: Story, tmp_path: Path) -> None:
    draw, file, store = random.Random(4), tmp_path / "alerts.jsonl", happened.store
    answers = draw.choices([200, 500, "close"], [6, 1, 1], k=100 * (KILLS + 1))
    with receiving(*answers) as receiver:
        running = [started(store.url, receiver.url, file) for _ in range(2)]
        try:
            for checker in running:
                ready(checker)
            for kill in range(KILLS):
                complaints(happened, kill * EACH)
                time.sleep(draw.uniform(0.0, 0.6))
                chosen = draw.randrange(2)
                if kill % 3 == 2:
                    running[1 - chosen].send_signal(signal.SIGSTOP)
                    time.sleep(TTL + 0.5)
                killed(running[chosen])
                running[1 - chosen].send_signal(signal.SIGCONT)
                running[chosen] = started(store.url, receiver.url, file)
                ready(running[chosen])
        finally:
            for checker in running:
                killed(checker)
        delivery = delivery_to(receiver.url, file)
        deadline = time.monotonic() + 120
        while check_once(store, delivery) != 0:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        expected = {f"alone-{number}" for number in range(KILLS * EACH)} | {"singer-fish"}
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        assert Counter(line["subject"]["event"] for line in lines) == dict.fromkeys(expected, 1)
        ids = {line["subject"]["event"]: line["id"] for line in lines}
        posted = {(body["subject"]["event"], body["id"]) for body in receiver.bodies}
        assert posted == set(ids.items())
    again = len(receiver.posts) - len(expected)
    line = f"{KILLS} kills: {len(expected)} crossings, {len(ids)} ids, {again} more posts, each with an id sent before"
    print(line)  # noqa: T201 - shown with -s
