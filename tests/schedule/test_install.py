"""Units and crontab lines: read back as systemd, a shell and cron read them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from influence_graph.errors import InputError
from influence_graph.model.parameters import ScheduleParameters
from influence_graph.schedule.install import installed, minutes_of

COMMAND = [
    "/usr/bin/python3",
    "-m",
    "influence_graph",
    "--store",
    '/data/50% of $HOME\'s "best" \\ store',
    "--cron",
    "0 2 * * *",
]
NIGHTLY = ScheduleParameters(name="nightly", cron="30 2 * * *", timezone="Europe/Berlin")


def words_of_unit(line: str) -> list[str]:
    """Return the words of an ExecStart line, read by the rules of systemd.service(5)."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"', line)
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%").replace("$$", "$") for word in found]


def test_the_service_starts_the_very_words() -> None:
    service = installed(NIGHTLY, COMMAND, "/srv", {"NEO4J_PASSWORD_FILE": "/run/100% secret"}).service
    (line,) = [line for line in service.splitlines() if line.startswith("ExecStart=")]
    assert words_of_unit(line) == COMMAND
    assert 'Environment="NEO4J_PASSWORD_FILE=/run/100%% secret"' in service
    assert "SuccessExitStatus=130" in service


def test_the_crontab_line_starts_the_very_words(tmp_path: Path) -> None:
    folder = tmp_path / "50% of it's"
    folder.mkdir()
    show = shutil.which("printf")
    assert show is not None
    words = [show, "%s\\n", *COMMAND]
    line = installed(NIGHTLY, words, str(folder), {"NAME": "a b"}).crontab
    assert line.startswith("30 * * * * cd ")
    assert not re.search(r"(?<!\\)%", line)  # cron would end the line there
    command = line.split(" ", 5)[5].replace("\\%", "%")
    told = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True, text=True).stdout
    assert told.splitlines() == COMMAND


def test_the_timer_has_the_minutes_of_the_schedule() -> None:
    assert "OnCalendar=*-*-* *:30:00 UTC" in installed(NIGHTLY, COMMAND, "/srv", {}).timer
    assert "Persistent=true" in installed(NIGHTLY, COMMAND, "/srv", {}).timer


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name, content in installed(NIGHTLY, [shutil.which("env") or "", *COMMAND], "/", {}).files("nightly").items():
        if not name.endswith("crontab"):
            (tmp_path / name).write_text(content)
    units = [str(each) for each in tmp_path.iterdir()]
    told = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, check=False, text=True)
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize(
    ("given", "minutes"),
    [
        ({"cron": "30 2 * * *"}, (30,)),
        ({"cron": "*/20 2 * * *", "timezone": "Europe/Berlin"}, (0, 20, 40)),
        ({"cron": "0 2 * * *", "timezone": "Asia/Kolkata"}, (30,)),
        ({"cron": "0 2 * * *", "timezone": "Asia/Kathmandu"}, (15,)),
        ({"cron": "10 2 * * *", "timezone": "Australia/Lord_Howe"}, (10, 40)),  # half an hour of summer time
        ({"every": timedelta(minutes=15)}, (0, 15, 30, 45)),
        ({"every": timedelta(minutes=90)}, (0, 30)),
        ({"every": timedelta(days=7)}, (0,)),
        ({"every": timedelta(minutes=7)}, tuple(range(60))),
    ],
)
def test_minutes_hold_in_every_zone(given: dict[str, object], minutes: tuple[int, ...]) -> None:
    assert minutes_of(ScheduleParameters(**given)) == minutes  # type: ignore[arg-type]


def test_seconds_are_nothing_for_a_timer() -> None:
    with pytest.raises(InputError, match="--every is 90 s, and timers start things at whole minutes"):
        installed(ScheduleParameters(every=timedelta(seconds=90)), COMMAND, "/srv", {})


@pytest.mark.parametrize("word", ["a\nb", "a\x1b[31m", "a\0b"])
def test_control_characters_are_refused(word: str) -> None:
    with pytest.raises(InputError, match="control character"):
        installed(NIGHTLY, [*COMMAND, word], "/srv", {})
    with pytest.raises(InputError, match="control character"):
        installed(NIGHTLY, COMMAND, f"/srv/{word}", {})


def test_no_secret_is_in_any_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "open-sesame")
    files = installed(NIGHTLY, COMMAND, os.getcwd(), {"NEO4J_USERNAME": "ann"}).files("nightly")  # noqa: PTH109
    assert sorted(files) == [
        "influence-graph-nightly.crontab",
        "influence-graph-nightly.service",
        "influence-graph-nightly.timer",
    ]
    assert not [name for name, content in files.items() if "open-sesame" in content]
