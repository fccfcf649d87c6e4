"""The configuration: which value holds, where it comes from, and what is refused with its place."""

# ruff: noqa: E501 - messages as they are shown

from __future__ import annotations

import itertools
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from influence_graph.configuration.load import Loaded, load
from influence_graph.configuration.whole import check_whole
from influence_graph.errors import InputError, UnreadableFile
from influence_graph.model.parameters import RecomputeParameters
from influence_graph.schedule.alerts.rules import BondRule
from influence_graph.schedule.observability import MetricsSettings

WHOLE = """\
store = "neo4j"
timeout = "60s"
timezone = "Europe/Berlin"

[neo4j]
uri = "bolt://localhost:7687"
password_file = "~/password"

[recompute]
only = ["rank", "score"]
keep_runs = 3

[schedule.nightly]
cron = "0 2 * * *"
jitter = "30s"

[schedule.hourly]
every = "1h"

[inbox]
folder = "inbox"
settle = "5s"

[[alerts]]
name = "the singer turns away"
kind = "bond"
consumer = "singer"
below = 2

[delivery]
webhook = "https://hooks.example.com/T0/SECRET"

[retention]
older_than = "730d"

[logs]
level = "debug"

[metrics]
port = 9464

[commands.rank]
top = 5
"""


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith(("INFLUENCE_GRAPH_", "NEO4J_")):
            monkeypatch.delenv(name)


def loaded(folder: Path, text: str, **variables: str) -> Loaded:
    path = folder / "influence-graph.toml"
    path.write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return load(path)


def refused(folder: Path, text: str, **environment: str) -> str:
    with pytest.raises(InputError) as caught:
        check_whole(loaded(folder, text, **environment))
    assert "\n" not in str(caught.value)
    return str(caught.value).replace(f"{folder}/", "")


def test_sections_become_the_dataclasses_of_their_owners(tmp_path: Path) -> None:
    values = loaded(tmp_path, WHOLE).values
    assert (values.store, values.timeout) == ("neo4j", timedelta(seconds=60))
    assert values.neo4j.password_file == Path.home() / "password"
    assert (values.recompute.only, values.recompute.keep_runs, values.recompute.full) == (("rank", "score"), 3, False)
    assert [(name, each.name, each.every) for name, each in values.schedule.items()] == [
        ("nightly", "nightly", None),
        ("hourly", "hourly", timedelta(hours=1)),
    ]
    assert values.inbox is not None
    assert (values.inbox.folder, values.inbox.settle) == (Path("inbox"), timedelta(seconds=5))
    assert values.alerts == (BondRule("the singer turns away", below=2.0, consumer="singer"),)
    assert (values.logs.level, values.metrics.port, values.metrics.address) == ("debug", 9464, "127.0.0.1")
    assert values.commands == {"rank": {"top": 5}}


def test_without_file_and_variables_all_is_default() -> None:
    rows = list(load(None).rows())
    assert {origin for _, _, origin in rows} == {"default"}
    assert ("metrics.address", MetricsSettings().address, "default") in rows
    assert ("recompute.keep_runs", RecomputeParameters().keep_runs, "default") in rows


@pytest.mark.parametrize("in_environment", [False, True])
@pytest.mark.parametrize("in_file", [False, True])
@pytest.mark.parametrize(
    ("key", "variable", "texts", "values", "default"),
    [
        ("store", "INFLUENCE_GRAPH_STORE", ("a", "b"), ("a", "b"), "influence-graph-data"),
        ("metrics.port", "INFLUENCE_GRAPH_METRICS__PORT", (1, "2"), (1, 2), None),
        ("neo4j.uri", "NEO4J_URI", ("bolt://a", "bolt://b"), ("bolt://a", "bolt://b"), None),
        ("recompute.only", "INFLUENCE_GRAPH_RECOMPUTE__ONLY", (["rank"], "score, reach"), (("rank",), ("score", "reach")), ()),
        ("logs.level", "influence_graph_logs__level", ("debug", "error"), ("debug", "error"), "info"),
        ("timeout", "INFLUENCE_GRAPH_TIMEOUT", ("1m", "1h"), (timedelta(minutes=1), timedelta(hours=1)), None),
    ],
)  # fmt: skip
def test_the_environment_goes_before_the_file_and_the_file_before_the_default(
    tmp_path: Path, in_environment: bool, in_file: bool, key: str, variable: str, texts: Any, values: Any, default: Any
) -> None:
    section, _, name = key.rpartition(".")
    text = (f"[{section}]\n" if section else "") + f"{name} = {texts[0]!r}\n" if in_file else ""
    found = loaded(tmp_path, text, **({variable: texts[1]} if in_environment else {}))
    [(value, origin)] = [(value, origin) for each, value, origin in found.rows() if each == key]
    line = 2 if section else 1
    if in_environment:
        assert (value, origin) == (values[1], variable)
    elif in_file:
        assert (value, origin) == (values[0], f"{tmp_path}/influence-graph.toml:{line}")
    else:
        assert (value, origin) == (default, "default")


def test_a_table_may_be_half_in_the_file_and_half_in_the_environment(tmp_path: Path) -> None:
    found = loaded(tmp_path, WHOLE, INFLUENCE_GRAPH_SCHEDULE__NIGHTLY__CRON="@daily", INFLUENCE_GRAPH_INBOX__FOLDER="x")
    nightly = found.values.schedule["nightly"]
    assert (nightly.cron, nightly.jitter) == ("@daily", timedelta(seconds=30))
    assert found.values.inbox is not None
    assert (found.values.inbox.folder, found.values.inbox.settle) == (Path("x"), timedelta(seconds=5))
    assert found.origin(("schedule", "nightly", "cron")) == "INFLUENCE_GRAPH_SCHEDULE__NIGHTLY__CRON"
    assert found.origin(("inbox", "settle")).endswith("influence-graph.toml:22")


def test_an_empty_variable_is_none(tmp_path: Path) -> None:
    assert loaded(tmp_path, WHOLE, INFLUENCE_GRAPH_STORE="", NEO4J_URI="").values.store == "neo4j"


def test_what_may_be_a_secret_is_hidden(tmp_path: Path) -> None:
    rows = {key: (value, origin) for key, value, origin in loaded(tmp_path, WHOLE, NEO4J_PASSWORD="hunter2").rows()}
    assert rows["delivery.webhook"][0] == "https://hooks.example.com/…"
    assert rows["neo4j.password"] == ("(hidden)", "NEO4J_PASSWORD")
    text = 'store = "bolt://ann:hunter2@host"\n'
    assert "hunter2" not in str(list(loaded(tmp_path, text).rows()))
    assert "hunter2" not in repr(loaded(tmp_path, WHOLE, NEO4J_PASSWORD="hunter2"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sore = 'x'", "influence-graph.toml:1: unknown key sore; did you mean 'store'?"),
        ("\n[metric]\nport = 1", "influence-graph.toml:2: unknown key metric; did you mean 'metrics'?"),
        ("[metrics]\nprot = 1", "influence-graph.toml:2: unknown key metrics.prot; did you mean 'port'?"),
        ("[neo4j]\npassword = 'hunter2'", "influence-graph.toml:2: unknown key neo4j.password; did you mean 'password_file'?"),
        ("[schedule.x]\ncorn = '@daily'", "influence-graph.toml:2: unknown key schedule.x.corn; did you mean 'cron'?"),
        ("[[alerts]]\nname='a'\nkind='bond'\nabve=1", "influence-graph.toml:4: unknown key alerts.1.abve; did you mean 'above'?"),
        ("metrics = 9464", "influence-graph.toml:1: metrics must be a table; write [metrics]"),
        ("schedule = []", "influence-graph.toml:1: schedule must be a table; write [schedule]"),
        ("[schedule]\nnightly = '@daily'", "influence-graph.toml:2: schedule.nightly must be a table; write [schedule.nightly]"),
        ("alerts = [1]", "influence-graph.toml:1: alerts.1 must be a table; write [alerts.1]"),
        ("[metrics]\nport = 'x'", "influence-graph.toml:2: metrics.port is 'x', must be a valid integer, unable to parse string as an integer; write a whole number"),
        ("[metrics]\nport = 70000", "influence-graph.toml:1: port is 70000, must be 0 to 65535; 9464 is a usual one"),
        ("[logs]\nlevel = 'warn'", "influence-graph.toml:1: level is 'warn', must be one of debug, info, warning, error; did you mean 'warning'?"),
        ("timeout = 'soon'", "influence-graph.toml:1: timeout: 'soon' is not a duration of 0 or more; write for example 30d, 36h, 30m or 30s"),
        ("[retention]\nolder_than = '1h'", "influence-graph.toml:1: older_than is 3600 s, must be 1d or more; it erases for good"),
        ("[retention]\nolder_than = 'old'", "influence-graph.toml:2: retention.older_than: 'old' is not a duration of 0 or more"),
        ("[retention]\nolder_then = '9d'", "influence-graph.toml:2: unknown key retention.older_then; did you mean 'older_than'?"),
        ("retention = '730d'", "influence-graph.toml:1: retention must be a table; write [retention]"),
        ("[schedule.x]\nevery = '5x'", "influence-graph.toml:2: schedule.x.every: '5x' is not a duration of 0 or more; write for example 30d, 36h, 30m or 30s"),
        ("[schedule.x]\ncron = '@daily'\nname = 'y'", "influence-graph.toml:3: [schedule.x] has another name; leave the key name out"),
        ("[inbox]\nsettle = '5s'", "influence-graph.toml:1: inbox.folder is missing; write it"),
        ("[[alerts]]\nname='a'\nkind='bnod'", "influence-graph.toml:3: alerts.1.kind: 'bnod' is none; did you mean 'bond'"),
        ("[[alerts]]\nname='a'", "influence-graph.toml:1: alerts.1.kind: is missing; use bond, brand"),
        ("[[alerts]]\nname='a'\nkind='bond'\nabove=1\nbelow=2", "influence-graph.toml:1: the alert 'a' has both of above and below; write one of them"),
        ("allow_remote_plaintext = 'perhaps'", "influence-graph.toml:1: allow_remote_plaintext is 'perhaps', must be a valid boolean"),
        ("timezone = 'Mars/Olympus'", "influence-graph.toml:1: "),
        ("[schedule.x]\ncron = '61 * * * *'", "influence-graph.toml:1: "),
        ("[schedule.x]\n", "influence-graph.toml:1: "),
        ("store = ", "influence-graph.toml:1: not TOML"),
        ('[neo4j]\npassword_file = "x\\u0000y"', "influence-graph.toml:2: neo4j.password_file: 'x\\x00y' is no path; write one"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_with_its_place(tmp_path: Path, text: str, line: str) -> None:
    assert refused(tmp_path, text).startswith(line)
    assert "hunter2" not in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("INFLUENCE_GRAPH_METRICS__PROT", "1", "INFLUENCE_GRAPH_METRICS__PROT: unknown key metrics.prot; did you mean 'port'?"),
        ("INFLUENCE_GRAPH_METRIC__PORT", "1", "INFLUENCE_GRAPH_METRIC__PORT is of no section of the configuration; did you mean 'metrics'?"),
        ("INFLUENCE_GRAPH_METRICS__PORT", "x", "INFLUENCE_GRAPH_METRICS__PORT: metrics.port is 'x', must be a valid integer"),
        ("INFLUENCE_GRAPH_NEO4J__URI", "bolt://h", "INFLUENCE_GRAPH_NEO4J__URI sets nothing; use NEO4J_URI, NEO4J_USERNAME"),
        ("INFLUENCE_GRAPH_TIMEOUT", "x", "INFLUENCE_GRAPH_TIMEOUT: timeout: 'x' is not a duration"),
        ("INFLUENCE_GRAPH_SCHEDULE__DAILY__CRON", "daily", "INFLUENCE_GRAPH_SCHEDULE__DAILY__CRON: the cron expression 'daily' has 1 fields"),
        ("INFLUENCE_GRAPH_METRICS", "9464", "INFLUENCE_GRAPH_METRICS sets nothing; use INFLUENCE_GRAPH_METRICS__KEY for each key"),
        ("INFLUENCE_GRAPH_ALERTS", "[{", "INFLUENCE_GRAPH_ALERTS sets nothing; write each alert as [[alerts]] in the file"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_variable_names_it(tmp_path: Path, variable: str, value: str, line: str) -> None:
    assert refused(tmp_path, WHOLE, **{variable: value}).startswith(line)


def test_a_file_of_a_secret_is_checked_as_a_whole(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0o644)
    text = f"[delivery]\nwebhook = 'https://h/'\nsecret_file = '{secret}'"
    found = refused(tmp_path, text)
    assert (
        found
        == "influence-graph.toml:3: others can read the webhook secret file secret (mode 0644); run: chmod 600 secret"
    )
    secret.chmod(0o600)
    check_whole(loaded(tmp_path, text))


def test_two_alerts_of_one_name_are_refused(tmp_path: Path) -> None:
    alert = "[[alerts]]\nname='a'\nkind='bond'\nabove={}\n"
    assert "two alerts are named 'a'" in refused(tmp_path, alert.format(1) + alert.format(2))


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot read the configuration"):
        load(tmp_path / "missing.toml")
    (tmp_path / "latin.toml").write_bytes(b"store = '\xe4'")
    with pytest.raises(UnreadableFile, match="not UTF-8"):
        load(tmp_path / "latin.toml")


def test_every_key_is_refused_with_one_letter_changed(tmp_path: Path) -> None:
    """Each key of a whole file, its letters swapped: the line of the key, and the key offered."""
    lines = WHOLE.splitlines()
    tried = 0
    for number, line in enumerate(lines):
        key, separator, rest = line.partition(" = ")
        if not separator or key in ("name", "kind", "top"):
            continue
        wrong = "\n".join([*lines[:number], f"{key[:-2]}{key[-1]}{key[-2]} = {rest}", *lines[number + 1 :]])
        found = refused(tmp_path, wrong)
        assert found.startswith(f"influence-graph.toml:{number + 1}: unknown key"), (line, found)
        assert repr(key) in found, (line, found)
        tried += 1
    assert tried > 12


def test_all_pairs_of_sections_live_together(tmp_path: Path) -> None:
    parts = ["[" + part for part in WHOLE.split("\n[")[1:]]
    for pair in itertools.combinations(parts, 2):
        loaded(tmp_path, "\n".join(pair))
