"""Options from the configuration: flag > environment > file > default, for every command; `config show` and `check`."""

# ruff: noqa: E501 - messages as they are shown

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from influence_graph.cli.main import main
from influence_graph.configuration.place import configuration_file
from influence_graph.errors import InputError
from tests.cli.test_commands import commands

STORE = "influence-graph-data"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working folder without variables of ours."""
    for name in os.environ:
        if name.upper().startswith(("INFLUENCE_GRAPH_", "NEO4J_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def invoke(*arguments: str, **environment: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, list(arguments), env=environment, standalone_mode=False)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return getattr(done.exception, "exit_code", 1), str(done.exception)
    return done.exit_code, done.output


def write(folder: Path, text: str, name: str = "influence-graph.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_flag_environment_file_and_default_in_this_order(folder: Path) -> None:
    shows = "there is no store in"
    assert f"{shows} {STORE}" in invoke("runs")[1]
    write(folder, "store = 'from-file'")
    assert f"{shows} from-file" in invoke("runs")[1]
    assert f"{shows} from-environment" in invoke("runs", INFLUENCE_GRAPH_STORE="from-environment")[1]
    assert f"{shows} from-flag" in invoke("runs", "--store", "from-flag", INFLUENCE_GRAPH_STORE="from-environment")[1]


def test_the_file_is_named_by_flag_before_variable_before_working_folder(folder: Path) -> None:
    write(folder, "store = 'here'")
    other, third = write(folder, "store = 'other'", "other.toml"), write(folder, "store = 'third'", "third.toml")
    assert "in here" in invoke("runs")[1]
    assert "in other" in invoke("runs", INFLUENCE_GRAPH_CONFIG=str(other))[1]
    assert "in third" in invoke("--config", str(third), "runs", INFLUENCE_GRAPH_CONFIG=str(other))[1]
    code, text = invoke("--config", "missing.toml", "runs")
    assert (code, "cannot read the configuration missing.toml" in text) == (1, True)
    assert f"in {STORE}" in invoke("--config", os.devnull, "runs")[1]


def test_options_of_a_command_have_a_section(folder: Path) -> None:
    invoke("import", "story")
    write(folder, "[commands.rank]\ntop = 2\nby = 'degree'\nformat = 'csv'\n")
    assert len(invoke("rank")[1].splitlines()) >= 3
    assert ",2," in invoke("rank")[1].splitlines()[2]
    assert len(invoke("rank", "--top", "5", "--format", "jsonl")[1].splitlines()) >= 5
    write(folder, "[commands.rank]\ndamping_factor = 0.5\n")
    assert invoke("rank", "--by", "degree")[0] == 0  # as a default it is not in the way, as an option it is
    assert invoke("rank", "--by", "degree", "--damping-factor", "0.5")[0] == 2


def test_options_of_a_command_within_a_command(folder: Path) -> None:
    write(folder, "[commands.neo4j.status]\nhome = 'elsewhere'\n")
    assert "no server of elsewhere is running" in invoke("neo4j", "status")[1]
    write(folder, "neo4j_home = 'far'\n")
    assert "no server of far is running" in invoke("neo4j", "status")[1]


def test_a_command_that_has_commands_may_have_options_of_its_own(folder: Path) -> None:
    from influence_graph.cli.configured import defaults_of
    from influence_graph.configuration.load import load

    store = click.option("--store", envvar="INFLUENCE_GRAPH_STORE")
    group = click.Group(
        "runs", commands={"diff": store(click.Command("diff"))}, params=store(click.Command("x")).params
    )
    text = "store = 'data'\n[commands.runs]\n[commands.runs.diff]\nstore = 'other'\n"
    found = defaults_of(group, "runs", load(write(folder, text)))
    assert found == {"store": "data", "diff": {"store": "other"}}


def test_what_erases_is_never_taken_from_a_file(folder: Path) -> None:
    from influence_graph.cli.configured import defaults_of
    from influence_graph.configuration.load import load

    forget = click.Command("forget", params=[click.Option(["--older-than"])])
    loaded = load(write(folder, "[commands.forget]\nolder_than = '3y'\n"))
    with pytest.raises(InputError, match=r"toml:2: commands.forget.older_than is not taken from a file; state it"):
        defaults_of(forget, "forget", loaded)


@pytest.mark.parametrize(
    ("text", "arguments", "line"),
    [
        ("[commands.rank]\ntpo = 5", ("rank",), "influence-graph.toml:2: unknown key commands.rank.tpo; did you mean 'top'?"),
        ("[commands.rank]\ntop = 'x'", ("rank",), "influence-graph.toml:2: 'x' is not a valid integer range."),
        ("[commands.rnak]\ntop = 5", ("config", "check"), "influence-graph.toml:1: unknown key commands.rnak; did you mean 'rank', 'runs'?"),
        ("[commands.rank]\ntop = 'x'", ("config", "check"), "influence-graph.toml:2: commands.rank.top: 'x' is not a valid integer"),
        ("[commands.neo4j]\nupp = 5", ("config", "check"), "influence-graph.toml:2: unknown key commands.neo4j.upp; did you mean 'up'?"),
        ("[commands]\nrank = 5", ("rank",), "influence-graph.toml:2: commands.rank must be a table; write [commands.rank]"),
        ("timeout = '0s'", ("runs",), ""),
        ("timezone = 'Mars/Olympus'", ("runs",), ""),
        ("sore = 'x'", ("runs",), "influence-graph.toml:1: unknown key sore; did you mean 'store'?"),
        ("store = 'http://x'", ("runs",), ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_and_exit_2(folder: Path, text: str, arguments: tuple[str, ...], line: str) -> None:
    write(folder, text)
    code, shown = invoke(*arguments)
    assert code == 2, shown
    assert shown.startswith(line)
    assert "\n" not in shown.strip()


def test_no_command_needs_the_configuration_where_there_is_none(folder: Path) -> None:
    code = (
        "import sys; from influence_graph.cli.main import main\n"
        "for a in (['--help'], ['rank', '--help'], ['runs']):\n"
        "    try: main(a, standalone_mode=False)\n"
        "    except Exception as e: print(e)\n"
        "slow = {'pydantic', 'pydantic_settings', 'structlog', 'prometheus_client', 'apscheduler'}\n"
        "print(slow & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder)
    assert done.stdout.splitlines()[-1] == "set()", done.stdout


def test_the_server_of_the_file_is_that_of_store_neo4j_and_no_variable_stays(folder: Path) -> None:
    secret = write(folder, "hunter2", "password")
    write(folder, f"store = 'neo4j'\n[neo4j]\nuri = 'bolt://127.0.0.1:9'\npassword_file = '{secret}'\n")
    secret.chmod(0o644)
    code, text = invoke("runs")
    assert (code, text) == (2, f"others can read the password file {secret} (mode 0644); run: chmod 600 {secret}")
    secret.chmod(0o600)
    code, text = invoke("runs", "--timeout", "2s")
    assert code == 3
    assert "bolt://127.0.0.1:9" in text
    assert "hunter2" not in text
    assert not {"NEO4J_URI", "NEO4J_PASSWORD_FILE"} & os.environ.keys()
    assert "bolt://127.0.0.1:8" in invoke("runs", "--timeout", "2s", NEO4J_URI="bolt://127.0.0.1:8")[1]
    assert invoke("runs", "--timeout", "2s", NEO4J_PASSWORD="x")[0] == 3  # a variable goes before the file


def test_show_lists_what_holds_and_where_it_comes_from(folder: Path) -> None:
    write(folder, "store = 'data'\n[delivery]\nwebhook = 'https://h.example.com/T/SECRET'\n")
    environment = {"INFLUENCE_GRAPH_LOGS__LEVEL": "debug", "NEO4J_PASSWORD": "hunter2"}
    code, text = invoke("config", "show", "--changed", "--format", "csv", **environment)
    assert (code, text.splitlines()) == (
        0,
        [
            "key,value,from",
            "store,data,influence-graph.toml:1",
            "delivery.webhook,https://h.example.com/…,influence-graph.toml:3",
            "logs.level,debug,INFLUENCE_GRAPH_LOGS__LEVEL",
            "neo4j.password,(hidden),NEO4J_PASSWORD",
        ],
    )
    assert "recompute.keep_runs,10,default" in invoke("config", "show", "--format", "csv")[1].splitlines()


def test_check_says_what_there_is(folder: Path) -> None:
    write(folder, "store = 'data'\n[schedule.nightly]\ncron = '@daily'\n[commands.rank]\ntop = 3\n")
    line = "influence-graph.toml can be used: 3 values, 1 schedule, 0 alerts, defaults of 1 command\n"
    assert invoke("config", "check") == (0, line)
    assert invoke("--config", os.devnull, "config", "check")[1].startswith("/dev/null can be used: 0 values")
    other = write(folder, "[metrics]\nport = -1", "other.toml")
    assert invoke("config", "check", str(other))[0] == 2


def test_a_file_that_somebody_else_may_have_put_there_is_not_believed(folder: Path) -> None:
    path = write(folder, "store = 'evil'")
    path.chmod(0o646)
    code, text = invoke("runs")
    assert (code, text) == (
        2,
        "others can write to influence-graph.toml (mode 0646); run: chmod o-w influence-graph.toml",
    )
    assert "in evil" in invoke("--config", str(path), "runs")[1]  # named, it is the user's word
    path.chmod(0o664)  # the group of a user is often hers alone
    assert "in evil" in invoke("runs")[1]


def test_a_file_of_another_user_is_not_believed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(folder, "store = 'evil'")
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    if path.stat().st_uid == 0:
        pytest.skip("files of root are believed, and all files here are root's")
    with pytest.raises(InputError, match=r"belongs to another user .*--config influence-graph.toml"):
        configuration_file(None)


def test_keys_of_all_options_are_told_apart() -> None:
    """Within a command no two options have one key, and each option that has a long name has one."""
    from influence_graph.cli.configured import key_of

    for path in commands():
        command: click.Command = main
        for name in path:
            assert isinstance(command, click.Group)
            found = command.get_command(click.Context(command), name)
            assert found is not None
            command = found
        keys = [key_of(param) for param in command.params if isinstance(param, click.Option)]
        assert len(keys) == len(set(keys)), path
