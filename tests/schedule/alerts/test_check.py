"""Each crossing is told once, with its reason: over recalculations, restarts, crashes and checkers at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import influence_graph as ig
from influence_graph.errors import InputError, LockHeld
from influence_graph.model.records import PEOPLE, TIES
from influence_graph.schedule.alerts import webhook
from influence_graph.schedule.alerts.check import check
from influence_graph.schedule.alerts.deliver import Delivered, deliver
from influence_graph.schedule.alerts.messages import Fired
from influence_graph.schedule.alerts.rules import (
    NO_DELIVERY,
    AnyRule,
    BondRule,
    BrandRule,
    ComplaintRule,
    Delivery,
    InfluencerRule,
    SilenceRule,
)
from influence_graph.schedule.alerts.state import STATE, state_of
from influence_graph.stores.base import RECALCULATION, Store
from tests.schedule.alerts.conftest import FISH, LATEST, Story
from tests.schedule.alerts.receiver import never_answering, receiving

SWEATER = BondRule("the singer turns away", consumer="singer", brand="sweater", below=2.0, margin=0.5)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pauses between tries be short."""
    monkeypatch.setattr(webhook, "_FIRST_PAUSE", 0.01)


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Story]:
    """Return the story on each store, told until just before the singer's complaint."""
    if request.param == "embedded":
        yield request.getfixturevalue("told")
        return
    story = Story(request.getfixturevalue("neo4j_store"))
    story.happens(until=datetime(2026, 6, 13, tzinfo=UTC))
    story.recalculate()
    yield story


def checked(
    store: Store, *rules: AnyRule, delivery: Delivery = NO_DELIVERY, now: datetime = LATEST, **options: Any
) -> tuple[list[Fired], Delivered]:
    """Check and deliver once, as the command and the scheduler do."""
    with store.lease(RECALCULATION) as lease:
        fired = check(store, rules, lease, delivery, now=now, **options)
        return fired, deliver(store, delivery, lease)


def test_an_alert_fires_once_with_its_reason_by_a_webhook_that_fails_twice_first(either: Story) -> None:
    store = either.store
    with receiving(500, "close") as receiver:
        delivery = Delivery(webhook=receiver.url)
        assert checked(store, SWEATER, delivery=delivery) == ([], Delivered(0, (), 0))
        either.happens()
        either.recalculate()
        (fired,), delivered = checked(store, SWEATER, delivery=delivery)
        assert delivered == Delivered(1, (), 0)
        assert fired.text == (
            "the singer turns away: The Fusion Score of The pop singer (singer) and Harbour Knitwear (sweater) fell"
            " below 2: +1 on 2026-06-18, from +3 on 2026-06-12. Behind it: -2 new: on 2026-06-13 negative interaction"
            " of the consumer with The Blue Mackerel (restaurant) (complaint), which spilled over because Harbour"
            " Knitwear (sweater) was worn or named together with The Blue Mackerel (restaurant)."
        )
        assert fired.events == (FISH,)
        assert receiver.ids == [fired.id] * 3
        assert receiver.bodies[-1] == fired.to_dict()
        for _ in range(3):  # recalculations and restarts change nothing
            either.recalculate(full=True)
            store.close()
            assert checked(store, SWEATER, delivery=delivery) == ([], Delivered(0, (), 0))
        assert len(receiver.posts) == 3


def move(story: Story, number: int, points: float) -> None:
    """Let the singer's bond with the sweater change by *points*."""
    at = LATEST + timedelta(hours=number)
    rest = {"consumer": "singer", "brand": "sweater", "kind": "wear", "points": points}
    story.add({"event_id": f"move-{number}", "at": at, **rest})
    story.recalculate()


def test_it_fires_again_only_after_the_score_had_come_back_by_the_margin(happened: Story) -> None:
    told_of = [len(checked(happened.store, SWEATER)[0])]
    for number, points in enumerate([1.2, -1.2, 1.6, -1.6]):  # +2.2: within the margin; +2.6: beyond it
        move(happened, number, points)
        told_of.append(len(checked(happened.store, SWEATER)[0]))
    assert told_of == [1, 0, 0, 0, 1]


def test_who_was_beyond_a_rule_already_at_its_first_check_is_told_so(happened: Story) -> None:
    ((fired,), _) = checked(happened.store, SWEATER)
    assert "was below 2 already at the first check: +1 on 2026-06-18." in fired.text
    assert "0.25 of its -8 spilled over" in fired.text
    assert fired.events == (FISH,)
    assert fired.limit == 2.0
    assert fired.figure is not None
    assert fired.figure.value == pytest.approx(1.0)


def test_a_rule_that_is_renamed_goes_on_and_one_that_is_changed_starts_anew(happened: Story) -> None:
    assert len(checked(happened.store, SWEATER)[0]) == 1
    assert checked(happened.store, replace(SWEATER, name="renamed"))[0] == []
    assert len(checked(happened.store, replace(SWEATER, below=2.5))[0]) == 1
    assert checked(happened.store, SWEATER)[0] == []  # of another configuration, whose state stays


def failing(store: Store, monkeypatch: pytest.MonkeyPatch, when: Callable[[dict[str, Any]], bool]) -> None:
    """Let *store* fail to write a state once *when* says so, as if the process had been killed there."""
    write = store.set_state

    def set_state(name: str, value: Any, lease: Any = None) -> None:
        if when(value):
            raise KeyboardInterrupt
        write(name, value, lease)

    monkeypatch.setattr(store, "set_state", set_state)


def test_a_crash_before_the_state_is_written_sends_nothing_and_loses_nothing(
    happened: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as receiver:
        delivery = Delivery(webhook=receiver.url)
        with monkeypatch.context() as patch:
            failing(happened.store, patch, lambda _: True)
            with pytest.raises(KeyboardInterrupt):
                checked(happened.store, SWEATER, delivery=delivery)
        assert receiver.posts == []
        fired, _ = checked(happened.store, SWEATER, delivery=delivery)
        assert receiver.ids == [each.id for each in fired]
        assert len(fired) == 1


def test_a_crash_between_sending_and_noting_sends_the_same_id_again_and_the_file_has_it_once(
    happened: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "alerts.jsonl"
    with receiving() as receiver:
        delivery = Delivery(webhook=receiver.url, file=file)
        for target, left in (("webhook", ["webhook", "file"]), ("file", ["file"])):

            def noting(value: dict[str, Any], target: str = target) -> bool:
                return bool(value["told"]) and all(target not in each["to"] for each in value["outbox"])

            with monkeypatch.context() as patch:
                failing(happened.store, patch, noting)
                with pytest.raises(KeyboardInterrupt):
                    checked(happened.store, SWEATER, delivery=delivery)
            (waiting,) = state_of(happened.store.state(STATE)).outbox.waiting
            assert list(waiting.to) == left
        assert checked(happened.store, SWEATER, delivery=delivery) == ([], Delivered(1, (), 0))
    assert receiver.ids == [waiting.message.id] * 2
    assert [json.loads(line)["id"] for line in file.read_text().splitlines()] == [waiting.message.id]


def test_what_a_webhook_does_not_take_waits_and_goes_out_once_it_does(happened: Story, tmp_path: Path) -> None:
    file = tmp_path / "alerts.jsonl"
    low = BondRule("low", below=-1.0)
    with never_answering() as url:
        delivery = Delivery(webhook=url, file=file, try_seconds=0.1, in_all_seconds=0.2)
        fired, delivered = checked(happened.store, SWEATER, low, delivery=delivery)
    assert len(fired) == 3
    assert (delivered.sent, delivered.waiting) == (3, 3)  # to the file all; the silent webhook was asked for one
    (failed,) = delivered.failed
    assert "does not answer within" in failed
    waiting = state_of(happened.store.state(STATE)).outbox.waiting
    assert [each.to for each in waiting] == [("webhook",)] * 3
    assert [each.failed for each in waiting] == [failed, "", ""]
    with receiving() as receiver:
        _, delivered = checked(happened.store, SWEATER, low, delivery=replace(delivery, webhook=receiver.url))
    assert delivered == Delivered(3, (), 0)
    assert receiver.ids == [each.id for each in fired]
    assert len(file.read_text().splitlines()) == 3


def test_a_message_that_is_refused_keeps_no_other_from_going_out(happened: Story) -> None:
    low = BondRule("low", below=-1.0)
    with receiving(422) as receiver:
        fired, delivered = checked(happened.store, SWEATER, low, delivery=Delivery(webhook=receiver.url))
    assert len(receiver.posts) == len(fired) == 3
    assert (delivered.sent, delivered.waiting) == (2, 1)


def test_of_two_checkers_at_once_the_late_one_writes_and_sends_nothing(happened: Story) -> None:
    store = happened.store
    with receiving() as receiver:
        delivery = Delivery(webhook=receiver.url)
        with store.lease(RECALCULATION, 0.001) as late:
            with pytest.raises(LockHeld):
                check(store, [SWEATER], late, delivery, now=LATEST)
            assert store.state(STATE) is None
            with store.lease(RECALCULATION) as lease:
                fired = check(store, [SWEATER], lease, delivery, now=LATEST)
                before = store.state(STATE)
                with pytest.raises(LockHeld):
                    check(store, [SWEATER], late, delivery, now=LATEST)
                with pytest.raises(LockHeld):
                    deliver(store, delivery, late)
                assert store.state(STATE) == before
                assert receiver.posts == []
                assert deliver(store, delivery, lease) == Delivered(1, (), 0)
    assert receiver.ids == [each.id for each in fired]


def test_more_crossings_than_anybody_reads_are_one_message_beside_twenty(happened: Story) -> None:
    fired, _ = checked(happened.store, BondRule("all", above=-100.0))
    assert len(fired) == 21
    assert [each.change for each in fired] == ["beyond"] * 20 + ["more"]
    rows = happened.store.results("score")
    assert rows is not None
    assert f"all: {rows[1].num_rows - 20} more crossings at the same check:" in fired[-1].text
    assert checked(happened.store, BondRule("all", above=-100.0))[0] == []


def test_a_complaint_left_alone_is_told_once_and_not_after_its_recovery(happened: Story) -> None:
    rule = ComplaintRule("left alone", days=4)
    (fired,), _ = checked(happened.store, rule)
    assert fired.subject == {"event": FISH, "consumer": "singer", "brand": "restaurant"}
    assert fired.text == (
        "left alone: The pop singer (singer) complained about The Blue Mackerel (restaurant) on 2026-06-13"
        " (singer-fish): no recovery is on record 4.54 days later, by the latest record of 2026-06-18; the rule allows"
        " 4 days."
    )
    assert checked(happened.store, rule)[0] == []
    answer = {"consumer": "singer", "brand": "restaurant", "kind": "recovery"}
    happened.add({"event_id": "sorry", "at": LATEST + timedelta(hours=1), **answer})
    assert checked(happened.store, rule)[0] == []
    assert state_of(happened.store.state(STATE)).rules[rule.digest].beyond == {}


def test_a_silent_feed_is_told_once_and_again_after_it_had_spoken(happened: Story) -> None:
    rule = SilenceRule("quiet", days=3, by="brand", only="restaurant")
    assert checked(happened.store, rule)[0] == []
    (fired,), _ = checked(happened.store, rule, now=LATEST + timedelta(days=4))
    assert fired.text == (
        "quiet: The brand The Blue Mackerel (restaurant) is silent for 4 days: the last interaction became known on"
        " 2026-06-18 09:00 UTC; the rule allows 3 days. In the 30 days before there were 7, with no pause longer than"
        " 15 days."
    )
    assert checked(happened.store, rule, now=LATEST + timedelta(days=5))[0] == []
    visit = {"event_id": "visit", "at": LATEST + timedelta(days=6), "consumer": "mia", "kind": "purchase"}
    happened.add({**visit, "brand": "restaurant"})
    assert checked(happened.store, rule, now=LATEST + timedelta(days=7))[0] == []
    assert len(checked(happened.store, rule, now=LATEST + timedelta(days=10))[0]) == 1


def test_a_brand_that_falls_beyond_doubt_is_told_with_both_intervals_and_the_events(told: Story) -> None:
    rule = BrandRule("acme sinks", measure="mean_valence", brand="acme", below=0.5)
    at = LATEST + timedelta(days=1)
    of = [{"consumer": f"c{number}", "brand": "acme", "event_id": f"-{number}"} for number in range(20)]
    told.add(*({**each, "event_id": f"good{each['event_id']}", "at": at, "valence": 0.9} for each in of))
    assert checked(told.store, rule)[0] == []
    later = {"at": at + timedelta(days=2), "kind": "complaint"}
    told.add(
        *(
            {**each, **later, "event_id": f"bad{each['event_id']}", "valence": -0.5 - number / 50}
            for number, each in enumerate(of)
        )
    )
    (fired,), _ = checked(told.store, rule)
    assert fired.figure is not None
    assert fired.figure.high is not None
    assert fired.figure.high < 0.5
    assert fired.figure.value == pytest.approx((20 * 0.9 - 20 * 0.69) / 40)
    assert fired.text.startswith("acme sinks: The mean valence of the interactions with acme fell below +0.50: +0.10")
    assert "Wilson, clustered by consumer, 20 observations) on 2026-06-21, from +0.90 (" in fired.text
    assert "on 2026-06-19. Behind it: -" in fired.text
    assert fired.events == ("bad-19", "bad-18", "bad-17")


def test_who_joins_the_first_of_a_ranking_and_who_leaves_them_is_told_with_the_places(told: Story) -> None:
    rule = InfluencerRule("top", first=2)
    unclear: list[str] = []
    assert checked(told.store, rule, notify=unclear.append)[0] == []
    assert unclear == []
    crowd = [{"id": f"fan{number}"} for number in range(60)]
    told.append_records(PEOPLE, [*crowd, {"id": "nova", "name": "Nova"}])
    told.append_records(TIES, [{"source": each["id"], "target": "nova", "kind": "follows"} for each in crowd])
    told.recalculate()
    fired, _ = checked(told.store, rule)
    assert [each.change for each in fired] == ["gained", "lost"]
    gained, lost = fired
    assert gained.subject == {"consumer": "nova"}
    assert gained.text.startswith("top: Nova (nova) joined the first 2 by PageRank: place 1 of ")
    assert "now, not ranked before. No longer among them: " in gained.text
    assert "by a new link from fan" in gained.text
    assert "left the first 2 by PageRank: place 3 of" in lost.text
    assert "now, place 2 before. Now among them: Nova (nova)." in lost.text
    assert checked(told.store, rule)[0] == []


def test_what_cannot_be_told_is_said_and_does_not_keep_other_rules_from_being_checked(happened: Story) -> None:
    unclear: list[str] = []
    rules = (SWEATER, InfluencerRule("seeds", ranking="seeds"), SilenceRule("q", by="brand", only="sweter"))
    fired, _ = checked(happened.store, *rules, notify=unclear.append)
    assert len(fired) == 1
    assert unclear == [
        "alert 'seeds': cannot tell: no results of 'seeds' are written; run `influence-graph recompute`",
        "alert 'q': cannot tell: not on record: no interaction of the brand 'sweter'",
    ]


def test_an_address_that_cannot_be_used_is_refused(happened: Story) -> None:
    with pytest.raises(InputError, match="would send messages unencrypted"):
        checked(happened.store, SWEATER, delivery=Delivery(webhook="http://hooks.example.org/x"))


def test_the_state_is_found_by_who_opens_the_store_anew(happened: Story, tmp_path: Path) -> None:
    assert len(checked(happened.store, SWEATER)[0]) == 1
    happened.store.close()
    with ig.open_store(tmp_path / "store") as again:
        assert checked(again, SWEATER)[0] == []
