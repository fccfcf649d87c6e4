"""Messages by HTTP: tried again with growing pauses, within a deadline, signed, and never to where a redirect leads.

Signatures and headers are those of Standard Webhooks (https://www.standardwebhooks.com): ``webhook-id`` is the
message's own id, the same at every try, also as ``Idempotency-Key``; ``webhook-signature`` is ``v1,`` and the base64 of
HMAC-SHA256 over ``id.timestamp.body``. A receiver that has seen an id drops the message.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_before_delay
from tenacity.wait import wait_base, wait_random_exponential

from influence_graph import ending
from influence_graph.errors import InputError
from influence_graph.model.json_values import json_text
from influence_graph.schedule.alerts.messages import Fired
from influence_graph.schedule.alerts.rules import Delivery
from influence_graph.secret_files import read_secret
from influence_graph.stores.neo4j.waiting import within
from influence_graph.text import one_line
from influence_graph.version import __version__

_PORTS = {"http": 80, "https": 443}
_LATER = (408, 425, 429, 500, 502, 503, 504)  # statuses after which the same may succeed
_NOT_THIS = (400, 413, 422)  # statuses that say something of this message, and nothing of the next
_PREFIX = "whsec_"
_MOST_SECONDS = 86_400.0
_FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
"""Longest pause between two tries, in seconds; a receiver that asks for a longer one is left for the next time."""


@dataclass(frozen=True)
class Address:
    """Where messages are posted to; its path is not shown, because it may be a secret.

    Attributes:
        scheme: ``"https"`` or ``"http"``.
        host: Name or number of the host.
        port: Its port.
        target: Path and query.
        secret: What messages are signed with; None: not at all.
    """

    scheme: str
    host: str
    port: int
    target: str = field(repr=False)
    secret: bytes | None = field(default=None, repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{'' if self.port == _PORTS[self.scheme] else f':{self.port}'}/…"


@dataclass(frozen=True)
class Sent:
    """What became of a message: ``failed`` is "" where it was taken; ``others`` whether another one may be."""

    failed: str = ""
    others: bool = True


class _Again(Exception):
    """A try that failed in a way that another may not; ``after`` is the pause in seconds that was asked for."""

    def __init__(self, why: str, after: float = 0.0) -> None:
        super().__init__(why)
        self.after = after


class _pause(wait_base):  # noqa: N801 - named as tenacity names them
    """Growing random pauses, at least as long as the receiver asks for."""

    def __call__(self, retry_state: RetryCallState) -> float:
        """Return the seconds to wait."""
        asked = getattr(retry_state.outcome and retry_state.outcome.exception(), "after", 0.0)
        return max(float(asked), wait_random_exponential(_FIRST_PAUSE, LONGEST_PAUSE / 2)(retry_state))


def address_of(delivery: Delivery) -> Address | None:
    """Return where *delivery* posts messages to, None where it names no webhook; files are read here, once.

    Raises:
        InputError: the address is none, is not encrypted and leaves this machine, or a file cannot be used.
    """
    text = delivery.webhook
    if delivery.webhook_file is not None:
        text = read_secret(delivery.webhook_file, "webhook")
    if text is None:
        return None
    secret = None if delivery.secret_file is None else _key(read_secret(delivery.secret_file, "secret"))
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in _PORTS or not host or not re.fullmatch(r"[!-~]+", text):
        raise InputError("the webhook is no address", remedy="write https://HOST/PATH")
    if parts.username is not None or parts.password is not None:
        raise InputError("the webhook holds a user name or password", remedy="sign messages with secret_file instead")
    if parts.scheme == "http" and not delivery.allow_plaintext and not _is_loopback(host):
        remedy = "use https://, or permit it with allow_plaintext = true"
        raise InputError(f"the webhook http://{host} would send messages unencrypted", remedy=remedy)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, host, port or _PORTS[parts.scheme], target, secret)


def send(address: Address, delivery: Delivery, message: Fired, alive: Callable[[], None] = lambda: None) -> Sent:
    """Post *message*, again where that may help, within the deadlines of *delivery*.

    What is tried again: no answer within ``try_seconds``, a connection that fails or breaks, and the statuses 408, 425,
    429, 500, 502, 503 and 504, after ``Retry-After`` where that is half a minute at most. A message whose answer was
    lost is sent again with the same id.

    Args:
        address: Where to.
        delivery: The deadlines, and the form of the body.
        message: What is sent.
        alive: Called before each try; what it raises ends them.
    """
    body = body_of(message, delivery.body)
    until = time.monotonic() + delivery.in_all_seconds
    again = Retrying(
        retry=retry_if_exception_type(_Again),
        stop=lambda state: ending.is_ending() or stop_before_delay(delivery.in_all_seconds)(state),
        before=lambda _: alive(),
        wait=_pause(),
        sleep=ending.wait,
        reraise=True,
    )
    try:
        return again(_try, address, body, message.id, lambda: min(delivery.try_seconds, until - time.monotonic()))
    except _Again as failed:
        tries = again.statistics["attempt_number"]
        number = "1 try" if tries == 1 else f"{tries} tries"
        return Sent(f"{address} {failed} ({number} within {delivery.in_all_seconds:g} s)", others=False)


def body_of(message: Fired, form: str) -> bytes:
    """Return *message* as JSON in UTF-8: all its fields, or the text alone."""
    values = message.to_dict()
    return json_text({"text": values["text"]} if form == "text" else values, ensure_ascii=False).encode()


def signature_of(secret: bytes, id_: str, timestamp: int, body: bytes) -> str:
    """Return the header ``webhook-signature``.

    Source: Standard Webhooks, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    signed = hmac.new(secret, f"{id_}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def _try(address: Address, body: bytes, id_: str, seconds: Callable[[], float]) -> Sent:
    """Post once; raise :class:`_Again` where another try may succeed."""
    try:
        status, after = _post(address, body, id_, max(seconds(), 0.01))
    except ssl.SSLCertVerificationError as error:
        why = one_line(error.verify_message, 100)
        return Sent(f"{address} has no certificate that can be verified: {why}", others=False)
    if 200 <= status < 300:
        return Sent()
    if after > LONGEST_PAUSE:
        return Sent(f"{address} answered {status}, and asks for a pause of {after:g} s", others=False)
    if status in _LATER:
        raise _Again(f"answered {status}", after)
    if 300 <= status < 400:
        return Sent(f"{address} answered {status}: redirects are not followed, name the address itself", others=False)
    return Sent(f"{address} answered {status}", others=status in _NOT_THIS)


def _post(address: Address, body: bytes, id_: str, seconds: float) -> tuple[int, float]:
    """Return the status of one post, and the seconds after which to try again, all within *seconds*."""
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.host, address.port, timeout=seconds)
    held = ending.register(lambda: _cut(connection))

    def work() -> tuple[int, float]:
        connection.request("POST", address.target, body, _headers(address, body, id_))
        answer = connection.getresponse()
        return answer.status, _seconds(answer.getheader("Retry-After"))

    try:
        return within(seconds, work)
    except TimeoutError as error:
        raise _Again(f"does not answer within {seconds:.3g} s") from error
    except ssl.SSLCertVerificationError:
        raise
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise _Again(f"cannot be reached: {one_line(str(reason), 100)}") from error
    finally:
        held.release()
        _cut(connection)
        connection.close()


def _headers(address: Address, body: bytes, id_: str) -> dict[str, str]:
    timestamp = int(time.time())
    signed = {} if address.secret is None else {"webhook-signature": signature_of(address.secret, id_, timestamp, body)}
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"influence-graph/{__version__}",
        "Idempotency-Key": id_,
        "webhook-id": id_,
        "webhook-timestamp": str(timestamp),
        **signed,
    }


def _cut(connection: http.client.HTTPConnection) -> None:
    """End every wait on *connection*."""
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _seconds(after: str | None) -> float:
    """Return the header ``Retry-After`` in seconds; 0 where it is missing or a date."""
    try:
        return min(max(float(after or 0), 0.0), _MOST_SECONDS)
    except ValueError:
        return 0.0


def _key(secret: str) -> bytes:
    """Return the key of *secret*: of ``whsec_…`` the bytes that its base64 stands for, else the text in UTF-8.

    Raises:
        InputError: what stands after ``whsec_`` is not base64.
    """
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise InputError(f"the secret begins with {_PREFIX} and is not base64", remedy="copy it again") from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
