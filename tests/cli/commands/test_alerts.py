"""``alerts``: exit codes, what is printed where, and bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands.conftest import Call
from tests.schedule.alerts.receiver import never_answering, receiving

RULES = """
[[alerts]]
name = "turns away"
kind = "bond"
consumer = "singer"
brand = "sweater"
below = 2.0

[delivery]
"""


@pytest.fixture
def story(call: Call) -> Call:
    assert call("score", "--write").code == 0
    return call


def configure(folder: Path, delivery: str) -> None:
    (folder / "influence-graph.toml").write_text(RULES + delivery)


def test_what_fired_is_printed_and_delivered_and_the_exit_code_says_so(story: Call, tmp_path: Path) -> None:
    with receiving(500) as receiver:
        configure(tmp_path, f"webhook = '{receiver.url}'\nfile = 'alerts.jsonl'\n")
        fired = story("alerts", "check")
        assert (fired.code, fired.err) == (6, "2 deliveries\n")
        (row,) = fired.rows
        assert "s3cret" not in fired.out + fired.err
        assert receiver.ids == [row["id"]] * 2
        assert json.loads((tmp_path / "alerts.jsonl").read_text())["id"] == row["id"]
        again = story("alerts", "check")
        assert (again.code, again.out) == (0, "")
        assert again.err == "no rule was crossed since the last check\n0 deliveries\n"
    assert [each["beyond"] for each in story("alerts", "list").rows] == [1]
    (beyond,) = story("alerts", "list", "--show", "beyond").rows
    assert (beyond["consumer_name"], beyond["brand"]) == ("The pop singer", "sweater")
    assert [each["id"] for each in story("alerts", "list", "--show", "told").rows] == [row["id"]]
    assert "turns away: The Fusion Score of The pop singer" in story("alerts", "list", "--show", "told").out


def test_a_webhook_that_never_answers_is_one_line_and_the_message_waits(story: Call, tmp_path: Path) -> None:
    with never_answering() as url:
        configure(tmp_path, f"webhook = '{url}'\ntry_seconds = 0.1\nin_all_seconds = 0.3\n")
        silent = story("alerts", "check")
    assert silent.code == 1
    assert len(silent.rows) == 1
    (line,) = (line for line in silent.err.splitlines() if line.startswith("not delivered: "))
    assert "does not answer within 0." in line
    (waiting,) = story("alerts", "list", "--show", "waiting").rows
    assert (waiting["to"], waiting["id"]) == ("webhook", silent.rows[0]["id"])
    assert waiting["failed"] in line


def test_a_test_message_arrives_and_no_store_is_needed(empty: Call, tmp_path: Path) -> None:
    with receiving() as receiver:
        configure(tmp_path, f"webhook = '{receiver.url}'\n")
        sent = empty("alerts", "test")
        assert (sent.code, sent.err) == (0, "delivered to webhook\n")
        assert receiver.bodies[0]["kind"] == "test"
        receiver.answers.append(404)
        refused = empty("alerts", "test")
    assert refused.code == 1
    assert "answered 404" in refused.err
    assert not (tmp_path / "influence-graph-data").exists()


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ("webhook = 'http://hooks.example.org/s3cret'", "would send messages unencrypted"),
        ("webhook = 'https://ann:s3cret@hooks.example.org/x'", "the webhook holds a user name or password"),
        ("webhook = 'https://x/'\nsecret_file = 'nowhere'", "the secret file nowhere cannot be read: No such file"),
        ("webhoock = 'https://x/'", "unknown key delivery.webhoock; did you mean 'webhook'"),
        ("try_seconds = 0", "influence-graph.toml:9: [delivery] has try_seconds = 0.0, must be above 0"),
    ],
)
def test_a_delivery_that_cannot_be_used_is_one_line_before_anything_is_written(
    empty: Call, tmp_path: Path, stated: str, message: str
) -> None:
    configure(tmp_path, stated)
    refused = empty("alerts", "check")
    assert refused.code == 2
    (line,) = refused.err.splitlines()
    assert message in line
    assert "s3cret" not in line
    assert not (tmp_path / "influence-graph-data").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "bond"', 'kind = "bonds"', "kind"),
        ("below = 2.0", "bellow = 2.0", "unknown key alerts.1.bellow; did you mean 'below'"),
        ("below = 2.0", "", "has neither of above and below"),
        (
            "[delivery]",
            "[[alerts]]\nname = 'turns away'\nkind = 'silence'\n[delivery]",
            "two alerts are named 'turns away'",
        ),
    ],
)
def test_a_rule_that_is_none_is_one_line(empty: Call, tmp_path: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "influence-graph.toml").write_text(RULES.replace(old, new))
    refused = empty("alerts", "check")
    assert (refused.code, refused.out) == (2, "")
    (line,) = refused.err.splitlines()
    assert message in line


def test_without_rules_a_line_says_how_to_write_them(empty: Call) -> None:
    nothing = empty("alerts", "check")
    assert (nothing.code, nothing.out) == (0, "")
    assert nothing.err == "no alerts are configured: write [[alerts]] tables in influence-graph.toml\n"
