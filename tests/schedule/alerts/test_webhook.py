"""Messages by HTTP: tries, deadlines, signatures, and what is never followed or shown."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from influence_graph import ending
from influence_graph.errors import InputError
from influence_graph.schedule.alerts import webhook
from influence_graph.schedule.alerts.messages import Fired, chat_text
from influence_graph.schedule.alerts.rules import Delivery
from influence_graph.schedule.alerts.seen import Figure
from influence_graph.schedule.alerts.webhook import address_of, send, signature_of
from tests.schedule.alerts.receiver import never_answering, receiving

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MESSAGE = Fired(
    "alert-1", "low", "bond", "beyond", {"consumer": "zoé", "brand": "acme"}, "The score fell.", NOW, NOW, Figure(-1.0)
)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pauses between tries be short."""
    monkeypatch.setattr(webhook, "_FIRST_PAUSE", 0.01)


def sent(delivery: Delivery) -> webhook.Sent:
    address = address_of(delivery)
    assert address is not None
    return send(address, delivery, MESSAGE)


def secret_file(folder: Path, text: str) -> Path:
    path = folder / "secret"
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_a_message_arrives_at_the_third_try_with_one_id() -> None:
    with receiving(503, "close") as receiver:
        assert sent(Delivery(webhook=receiver.url)) == webhook.Sent()
    assert receiver.ids == ["alert-1"] * 3
    path, headers, body = receiver.posts[-1]
    assert path == "/hook?token=s3cret"
    assert headers["idempotency-key"] == "alert-1"
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(body) == MESSAGE.to_dict()
    assert json.loads(body)["text"] == "The score fell."
    assert json.loads(body)["subject"] == {"consumer": "zoé", "brand": "acme"}
    assert "webhook-signature" not in headers


def test_the_body_may_be_the_text_alone() -> None:
    with receiving() as receiver:
        assert sent(Delivery(webhook=receiver.url, body="text")) == webhook.Sent()
    assert receiver.bodies == [{"text": "The score fell."}]


def test_the_signature_is_that_of_the_published_example() -> None:
    key = webhook._key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = signature_of(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_try_is_signed_with_the_secret_of_the_file(tmp_path: Path) -> None:
    with receiving(500) as receiver:
        assert sent(Delivery(webhook=receiver.url, secret_file=secret_file(tmp_path, "sesame\n"))) == webhook.Sent()
    for _, headers, body in receiver.posts:
        signed = b".".join((b"alert-1", headers["webhook-timestamp"].encode(), body))
        expected = base64.b64encode(hmac.new(b"sesame", signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert b"sesame" not in body
    assert len(receiver.posts) == 2


@pytest.mark.parametrize("drip", [b"", b"H", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_webhook_that_never_answers_is_one_line_within_the_deadlines(drip: bytes) -> None:
    with never_answering(drip) as url:
        outcome = sent(Delivery(webhook=url, try_seconds=0.2, in_all_seconds=0.9))
    assert outcome.others is False
    host = url.removesuffix("hook")
    assert outcome.failed.startswith(f"{host}… does not answer within 0."), outcome
    assert outcome.failed.endswith("within 0.9 s)")
    assert "tries" in outcome.failed
    assert "hook" not in outcome.failed


def test_the_try_that_begins_last_ends_with_the_deadline_of_all() -> None:
    with never_answering() as url:
        outcome = sent(Delivery(webhook=url, try_seconds=300, in_all_seconds=0.3))
    assert "does not answer within 0.3 s (1 try within 0.3 s)" in outcome.failed


def test_where_nobody_listens_it_is_tried_until_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    outcome = sent(Delivery(webhook=f"http://127.0.0.1:{port}/hook", in_all_seconds=0.3))
    assert outcome.failed.startswith(f"http://127.0.0.1:{port}/… cannot be reached: Connection refused (")
    assert outcome.others is False


@pytest.mark.parametrize(("status", "others"), [(400, True), (413, True), (422, True), (401, False), (404, False)])
def test_a_refusal_is_not_tried_again(status: int, others: bool) -> None:
    with receiving(status) as receiver:
        outcome = sent(Delivery(webhook=receiver.url))
    assert len(receiver.posts) == 1
    assert outcome.failed.endswith(f"answered {status}")
    assert outcome.others is others
    assert "s3cret" not in outcome.failed


def test_a_redirect_is_not_followed() -> None:
    with receiving() as elsewhere, receiving(307, Location=elsewhere.url) as receiver:
        outcome = sent(Delivery(webhook=receiver.url))
    assert elsewhere.posts == []
    assert len(receiver.posts) == 1
    assert "answered 307: redirects are not followed" in outcome.failed


def test_a_receiver_that_asks_for_a_longer_pause_than_half_a_minute_is_left_for_later() -> None:
    with receiving(429, 429, Retry_After="3600") as receiver:
        outcome = sent(Delivery(webhook=receiver.url, in_all_seconds=60))
    assert len(receiver.posts) == 1
    assert outcome.failed.endswith("answered 429, and asks for a pause of 3600 s")
    assert outcome.others is False


def test_a_process_that_is_to_end_tries_nothing_again() -> None:
    ending.mark()
    try:
        with receiving(500, 500) as receiver:
            outcome = sent(Delivery(webhook=receiver.url))
    finally:
        ending.go_on()
    assert len(receiver.posts) == 1
    assert "answered 500" in outcome.failed


def test_tls_that_is_none_is_one_line() -> None:
    with receiving() as receiver:
        url = receiver.url.replace("http://", "https://")
        outcome = sent(Delivery(webhook=url, in_all_seconds=0.2))
    assert receiver.posts == []
    assert "\n" not in outcome.failed
    assert "cannot be reached" in outcome.failed


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "http://hooks.example.org/x",
            "the webhook http://hooks.example.org would send messages unencrypted; use https",
        ),
        ("ftp://hooks.example.org/x", "the webhook is no address"),
        ("hooks.example.org/x", "the webhook is no address"),
        ("https://", "the webhook is no address"),
        ("https://x:port/", "the webhook is no address"),
        ("https://x/a b", "the webhook is no address"),
        ("https://x/\r\nX-Header: 1", "the webhook is no address"),
        ("https://ann:sesame@x/", "the webhook holds a user name or password"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_what_may_be_secret(url: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        address_of(Delivery(webhook=url))
    assert str(caught.value).startswith(message)
    assert "sesame" not in str(caught.value)


def test_plain_http_may_be_permitted_and_loopback_always_is() -> None:
    allowed = address_of(Delivery(webhook="http://hooks.example.org/x", allow_plaintext=True))
    assert str(allowed) == "http://hooks.example.org/…"
    for host in ("localhost", "127.0.0.1:8080", "[::1]:8080"):
        assert str(address_of(Delivery(webhook=f"http://{host}/x"))) == f"http://{host}/…"


def test_an_address_that_is_a_secret_comes_from_a_file_and_is_never_shown(tmp_path: Path) -> None:
    path = secret_file(tmp_path, "https://hooks.example.org/services/T0/B1/s3cret\n")
    address = address_of(Delivery(webhook_file=path))
    assert address is not None
    assert address.target == "/services/T0/B1/s3cret"
    assert "s3cret" not in f"{address} {address!r}"
    path.chmod(0o644)
    with pytest.raises(InputError, match="others can read"):
        address_of(Delivery(webhook_file=path))


def test_a_secret_that_begins_as_one_of_base64_and_is_none_is_refused(tmp_path: Path) -> None:
    delivery = Delivery(webhook="https://x/", secret_file=secret_file(tmp_path, "whsec_not base64"))
    with pytest.raises(InputError, match="the secret begins with whsec_ and is not base64"):
        address_of(delivery)


def test_no_name_in_a_text_is_a_command_of_a_chat_tool() -> None:
    text = chat_text(["Ann <!channel> (ann)", "@everyone", "[free](http://evil)", "a@here.org", "line\nbreak\x1b[31m"])
    assert "<" not in text
    assert "](" not in text
    assert "@everyone" not in text
    assert "\n" not in text
    assert "\x1b" not in text
