"""The lift of all campaigns, as a user asks for it, and what shows it once it is kept."""

from __future__ import annotations

import json

from tests.cli.commands.conftest import Call


def test_all_campaigns_are_told_with_how_many_look_clear_by_chance(call: Call) -> None:
    shown = call("lift", "all", "--format", "table")
    assert shown.code == 0, shown.err
    assert shown.err.splitlines() == [
        "Of 3 campaigns 2 could be tested: 1 with a clear difference.",
        "By chance alone about 0.1 would look clear: 5 % of those tested.",
        "1 campaign: the brand 'sneakers' has no sales in the store",
    ]
    rows = [" ".join(line.split()) for line in shown.out.splitlines()]
    assert rows[0] == "campaign brand brand_name day lift % p status began"
    assert rows[1] == "sponsorship annie-free-pair sneakers Quickstep Sneakers 2026-04-10 cannot tell"
    assert rows[2].startswith("concert concert sweater Harbour Knitwear 2026-06-06 +216 [+98.7 to +299] +23.8 0.0082")
    found = [json.loads(line) for line in call("lift", "all", "--days", "7", "--format", "jsonl").out.splitlines()]
    assert [row["campaign"] for row in found] == ["annie-free-pair", "concert", "fish-apology"]
    assert {row["days"] for row in found} == {7}
    assert found[0]["reason"] == "the brand 'sneakers' has no sales in the store"
    assert call("queries").code == 0
    assert "lift" not in call("runs", "--format", "csv").out


def test_what_is_kept_is_asked_for_by_name_and_in_sql(call: Call) -> None:
    asked = ("query", "campaign-lift", "--param", "brand=sweater", "--format", "jsonl")
    assert "no lift has been written: run `lift all --write`" in call(*asked).err
    assert call("lift", "all", "--write").code == 0
    assert [json.loads(line)["status"] for line in call(*asked).out.splitlines()] == ["higher"]
    rows = call("query", "SELECT campaign, status FROM lifts ORDER BY campaign", "--format", "csv").out.splitlines()
    assert rows[1:] == ["annie-free-pair,cannot tell", "concert,higher", "fish-apology,no clear change"]


def test_what_it_takes_is_estimated_and_a_wrong_outcome_is_one_line(call: Call) -> None:
    estimate = json.loads(call("lift", "all", "--estimate", "--format", "jsonl").out)
    assert estimate["nodes"] == 20
    wrong = call("lift", "all", "--outcome", "folow")
    assert (wrong.code, wrong.err.count("\n")) == (1, 1)
    assert "no interactions of the kind 'folow'" in wrong.err
