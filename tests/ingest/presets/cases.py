"""What each preset must make of its file, counted by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from influence_graph.analyses.brand.view import BrandView
from influence_graph.analyses.ranking.pagerank import pagerank
from influence_graph.app.views.brand import view_brands
from influence_graph.model.graph import GraphKind
from influence_graph.model.parameters import BrandParameters
from influence_graph.model.records import PEOPLE, TIES
from influence_graph.stores.base import Store

Answer = Callable[[Store], Mapping[str, object]]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One preset on its file.

    Attributes:
        file: Name of the file.
        answers: What the user states, by field.
        timezone: Zone that the user states.
        rows: Rows of the file that are records or rejected.
        skipped: Rows that are left out.
        rejected: Rows that are rejected.
        counts: Records of the store, by kind; those of other kinds are 0.
        answer: Gives an answer from the store.
        expected: The answer, calculated by hand.
    """

    file: str
    rows: int
    skipped: int
    counts: Mapping[str, int]
    answer: Answer
    expected: Mapping[str, object]
    rejected: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    timezone: str | None = None


def _view(store: Store, brand: str) -> BrandView:
    return view_brands(store, [brand], BrandParameters()).views[0]


def _profit(store: Store) -> Mapping[str, object]:
    profit = _view(store, "acme").profit
    return {"customers": profit.count, "orders": profit.orders, "value": profit.value, "currency": profit.currency}


def _bought(customers: int, orders: int, value: float, currency: str) -> Mapping[str, object]:
    return {"customers": customers, "orders": orders, "value": pytest.approx(value), "currency": currency}


def _judged(brand: str) -> Answer:
    """Give who judges *brand* how: counts of valences above, at and below 0, and their mean."""

    def answer(store: Store) -> Mapping[str, object]:
        judgment = _view(store, brand).judgment
        frame = judgment.touchpoints
        assert judgment.mean is not None
        signs = {name: int(frame[name].sum()) for name in ("positive", "neutral", "negative")}
        return {**signs, "mean": judgment.mean.value}

    return answer


def _sides(store: Store) -> Mapping[str, object]:
    judgment = _view(store, "acme").judgment
    return {
        "given": judgment.given,
        "received": judgment.received,
        "complaints": judgment.recovery.complaints,
    }


def _votes(store: Store) -> Mapping[str, object]:
    frame = _view(store, "acme").votes.frame.set_index("vote")
    return {str(vote): (int(row["votes"]), int(row["against"])) for vote, row in frame.iterrows()}


def _person(identity: str) -> Answer:
    def answer(store: Store) -> Mapping[str, object]:
        people = [row for table in store.records(PEOPLE) for row in table.to_pylist()]
        (row,) = (each for each in people if each["id"] == identity)
        return {name: str(row[name]) for name in ("name", "joined")}

    return answer


def _followed(store: Store) -> Mapping[str, object]:
    """Give the first and the last PageRank, and since when the first tie is."""
    frame = pagerank(store.graph(GraphKind.TIES)).to_frame()
    since = [each for table in store.records(TIES) for each in table["since"].to_pylist() if each is not None]
    return {
        "first": frame["id"].iloc[0],
        "highest": frame["score"].max(),
        "lowest": frame["score"].min(),
        "since": min(since).isoformat() if since else None,
    }


def _star(owner: str, fans: int, since: str | None = None) -> Mapping[str, object]:
    """Return PageRank where *fans* follow *owner*: a fan has p = (1-d)/N + d q/N, the owner q = p + d fans p."""
    nodes, damping = fans + 1, 0.85
    fan = 1 / (nodes + damping * fans)
    return {
        "first": owner,
        "highest": pytest.approx(1 - fans * fan),
        "lowest": pytest.approx(fan),
        "since": since,
    }


def _follower(first: str, stars: int, since: str | None = None) -> Mapping[str, object]:
    """Return PageRank where one follows *stars*: it has q = (1-d)/N + d (1-q)/N, they share the rest."""
    alone = 1 / (stars + 1 + 0.85)
    return {
        "first": first,
        "highest": pytest.approx((1 - alone) / stars),
        "lowest": pytest.approx(alone),
        "since": since,
    }


def _reviews(positive: int, neutral: int, negative: int, total: float) -> Mapping[str, object]:
    count = positive + neutral + negative
    mean = pytest.approx(total / count)
    return {"positive": positive, "neutral": neutral, "negative": negative, "mean": mean}


_BRAND = {"brand": "acme"}

CASES: dict[str, Case] = {
    "app-store-reviews": Case(
        file="app-store-reviews.json",
        answers=_BRAND,
        rows=21,
        skipped=0,
        counts={"people": 20, "brands": 1, "interactions": 21},  # one wrote twice
        answer=_judged("acme"),
        expected=_reviews(18, 1, 2, 1 - 1 + 0 + 0.5 - 0.5 + 16 * 0.5),  # 5, 1, 3, 4, 2 stars and 16 times 4
    ),
    "bluesky-followers": Case(
        file="bluesky-followers.json",
        answers={"target": "acme.example"},
        rows=22,
        skipped=0,
        counts={"people": 23, "ties": 22},
        answer=_followed,
        expected=_star("acme.example", 22),
    ),
    "bluesky-follows": Case(
        file="bluesky-follows.json",
        answers={"source": "acme.example"},
        rows=20,
        skipped=0,
        counts={"people": 21, "ties": 20},
        answer=_followed,
        expected=_follower("anna.bsky.social", 20),
    ),
    "crm-contacts": Case(
        file="crm-contacts.csv",
        rows=24,
        skipped=1,  # without an address
        counts={"people": 23},  # one is there twice
        answer=_person("anna@example.com"),
        expected={"name": "Anna Müller", "joined": "None"},
    ),
    "ga4-events": Case(
        file="ga4-events.jsonl",
        answers=_BRAND,
        rows=21,
        rejected=1,  # an event of one's own
        skipped=7,
        counts={"people": 13, "brands": 1, "interactions": 20},
        answer=lambda store: {**_votes(store), "value": _view(store, "acme").profit.value},
        # 14 visits and a signup; 2 purchases and a return; a wish and a share
        expected={"feet": (15, 0), "wallet": (3, 1), "voice": (2, 0), "value": 40.0},
    ),
    "google-play-reviews": Case(
        file="google-play-reviews.csv",
        rows=21,
        skipped=0,
        counts={"people": 21, "brands": 1, "interactions": 21},
        answer=_judged("example.acme.app"),
        expected=_reviews(3, 1, 17, 1 - 1 - 0.5 + 0.5 + 1 + 0 - 15),  # 5, 1, 2, 4, 5, 3 stars and 15 times 1
    ),
    "hubspot-contacts": Case(
        file="hubspot-contacts.csv",
        timezone="Europe/Berlin",
        rows=26,
        skipped=1,
        counts={"people": 26},
        answer=_person("anna@example.com"),
        expected={"name": "Anna Müller", "joined": "2023-01-15 09:30:00+00:00"},
    ),
    "instagram-followers": Case(
        file="instagram-followers.json",
        answers={"target": "acme.tea"},
        rows=22,
        skipped=0,
        counts={"people": 23, "ties": 22},
        answer=_followed,
        expected=_star("acme.tea", 22, "2023-11-14T22:13:20+00:00"),
    ),
    "instagram-following": Case(
        file="instagram-following.json",
        answers={"source": "acme.tea"},
        rows=20,
        skipped=0,
        counts={"people": 21, "ties": 20},
        answer=_followed,
        expected=_follower("anna.mueller", 20, "2023-07-22T04:26:40+00:00"),
    ),
    "mailchimp-members": Case(
        file="mailchimp-members.csv",
        answers=_BRAND,
        rows=23,
        skipped=0,
        counts={"people": 23, "brands": 1, "interactions": 23},
        answer=_votes,
        expected={"feet": (23, 0)},
    ),
    "mastodon-following": Case(
        file="mastodon-following.csv",
        answers={"source": "acme@mastodon.example"},
        rows=21,
        skipped=0,
        counts={"people": 22, "ties": 21},
        answer=_followed,
        expected=_follower("Gargron@mastodon.social", 21),
    ),
    "nps-survey": Case(
        file="nps-survey.csv",
        answers=_BRAND,
        rows=23,
        skipped=1,  # asked, and did not answer
        counts={"people": 23, "brands": 1, "interactions": 23},
        answer=_judged("acme"),
        expected=_reviews(11, 5, 7, 11 - 7),  # promoters, passives, detractors: NPS 17
    ),
    "salesforce-contacts": Case(
        file="salesforce-contacts.csv",
        rows=23,
        skipped=2,  # deleted, and without an address
        counts={"people": 23},
        answer=_person("unal@example.com"),
        expected={"name": "Ünal", "joined": "2022-05-05 08:15:30+00:00"},
    ),
    "shopify-orders": Case(
        file="shopify-orders.csv",
        answers=_BRAND,
        rows=19,
        skipped=13,  # 8 further items, 4 orders that nobody paid for or kept, 1 without a customer
        counts={"people": 16, "brands": 1, "interactions": 19},
        answer=_profit,
        expected=_bought(16, 19, 59.9 + 20 + 35.1 + 60 + 25 + 99 + 15 + 12 * 10, "EUR"),
    ),
    "stripe-payments": Case(
        file="stripe-payments.csv",
        answers=_BRAND,
        rows=17,
        skipped=4,
        counts={"people": 15, "brands": 1, "interactions": 17},
        answer=_profit,
        expected=_bought(15, 17, 3 * 49 + 15.5 + 100 + 12 * 5, "eur"),
    ),
    "tiktok-followers": Case(
        file="tiktok-user-data.json",
        answers={"target": "acme.tea"},
        rows=22,
        skipped=0,
        counts={"people": 23, "ties": 22},
        answer=_followed,
        expected=_star("acme.tea", 22, "2024-01-01T00:10:00+00:00"),
    ),
    "tiktok-following": Case(
        file="tiktok-user-data.json",
        answers={"source": "acme.tea"},
        rows=20,
        skipped=0,
        counts={"people": 21, "ties": 20},
        answer=_followed,
        expected=_follower("anna.m", 20, "2024-02-01T10:00:00+00:00"),
    ),
    "trustpilot-reviews": Case(
        file="trustpilot-reviews.csv",
        rows=21,
        skipped=0,
        counts={"people": 20, "brands": 1, "interactions": 21},
        answer=_judged("www.acme.example"),
        expected=_reviews(17, 1, 3, 1 + 0.5 - 1 + 0 - 0.5 + 1 - 1 + 14),  # 5, 4, 1, 3, 2, 5, 1 stars and 14 times 5
    ),
    "woocommerce-orders": Case(
        file="woocommerce-orders.json",
        answers=_BRAND,
        rows=17,
        skipped=6,  # 5 that nobody paid for or kept, 1 without a customer
        counts={"people": 15, "brands": 1, "interactions": 17},
        answer=_profit,
        expected=_bought(15, 17, 29.35 + 10 + 20.65 + 12 + 40 + 12 * 10, "EUR"),
    ),
    "x-followers": Case(
        file="x-followers.js",
        answers={"target": "18969923"},
        rows=22,
        skipped=0,
        counts={"people": 23, "ties": 22},
        answer=_followed,
        expected=_star("18969923", 22),
    ),
    "x-following": Case(
        file="x-following.js",
        answers={"source": "42"},
        rows=20,
        skipped=0,
        counts={"people": 21, "ties": 20},
        answer=_followed,
        expected=_follower("1252851", 20),
    ),
    "youtube-subscriptions": Case(
        file="youtube-subscriptions.csv",
        answers={"source": "me"},
        rows=21,
        skipped=0,
        counts={"people": 22, "ties": 21},
        answer=_followed,
        expected=_follower("UC-8WbaljnjGV9F8m-ZauShw", 21),
    ),
    "zendesk-tickets": Case(
        file="zendesk-tickets.csv",
        answers=_BRAND,
        timezone="Europe/Berlin",
        rows=20,
        skipped=2,  # spam, and a call of somebody unknown
        counts={"people": 18, "brands": 1, "interactions": 20},
        answer=_sides,
        expected={"given": 18, "received": 2, "complaints": 18},
    ),
}
"""By name of preset; a preset without a case fails."""
