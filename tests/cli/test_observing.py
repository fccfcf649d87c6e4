"""A scheduler that is started by a configuration answers its port, logs by ids, and stops."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from influence_graph.cli.observing import taken
from tests.cli.conftest import COMMAND, Run

SECONDS = 120.0


def test_options_that_are_given_are_taken_out_of_the_others() -> None:
    options = {"name": "x", "log_level": None, "log_format": "json", "metrics_port": 0, "every": None}
    assert taken(options) == {"log_format": "json", "metrics_port": 0}
    assert options == {"name": "x", "every": None}


def test_a_scheduler_is_well_is_asked_and_stops(run: Run, tmp_path: Path) -> None:
    assert run("import", "story").code == 0
    (tmp_path / "influence-graph.toml").write_text(
        '[schedule.often]\nevery = "2s"\nonly = ["score"]\n\n[logs]\nfile = "scheduler.log"\n\n[metrics]\nport = 0\n'
        '\n[[alerts]]\nname = "strong"\nkind = "bond"\nabove = 1\n\n[delivery]\nfile = "alerts.jsonl"\n'
    )
    started = subprocess.Popen([*COMMAND, "schedule", "run"], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert started.stderr is not None
    try:
        line = started.stderr.readline()
        port = re.search(r"http://127\.0\.0\.1:(\d+)/metrics and /health", line)
        assert port is not None, line + started.stderr.read()
        figures = waited_for(port[1], r'ticks_total\{outcome="done",schedule="often"\} [1-9]')
        assert 'influence_graph_steps_total{method="full",outcome="calculated",step="score"} 1.0' in figures
        assert re.search(r'alerts_total\{outcome="raised"\} [1-9]', figures)
        assert json.loads(asked(port[1], "/health"))["status"] == "ok"
        assert json.loads(asked(port[1], "/ready")) == {"ready": True}
        started.send_signal(signal.SIGTERM)
        assert started.wait(30) == 130
    finally:
        started.kill()
        started.wait()
        started.stderr.close()
    with pytest.raises(urllib.error.URLError):
        asked(port[1], "/health")
    lines = [json.loads(line) for line in (tmp_path / "scheduler.log").read_text().splitlines()]
    assert [line["event"] for line in lines][:1] == ["started"]
    assert lines[-1]["event"] == "stopped"
    ticks = [line for line in lines if line["event"] == "tick"]
    assert all(line["tick"].startswith("often@") for line in ticks)
    people = {row["id"] for row in run("rank", "--top", "0", "--format", "jsonl").rows}
    assert len(people) > 10
    assert not people & set(re.findall(r"[\w-]+", json.dumps(lines)))


def asked(port: str, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def waited_for(port: str, pattern: str) -> str:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        figures = asked(port, "/metrics")
        if re.search(pattern, figures):
            return figures
        time.sleep(0.2)
    raise AssertionError(f"no {pattern} within {SECONDS:g} s:\n{figures}")
