"""Whether Zalo sent it: `X-ZEvent-Signature: mac=<hex>`.

The hex is plain SHA-256 of application id + raw body + timestamp + secret, put together. Sources
disagree on which secret (the OA Secret Key, seen to work, or the application's) and on the first
term (the application's id, seen to work, or the account's): any of them is accepted, since each
needs a secret that only Zalo and this installation have.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from typing import Any

HEADER = "X-ZEvent-Signature"
TIMESTAMP_HEADER = "X-ZEvent-Timestamp"


def sign(first: str, body: bytes, timestamp: str, secret: str) -> str:
    """The signature of a body."""
    return hashlib.sha256(first.encode() + body + timestamp.encode() + secret.encode()).hexdigest()


def genuine(
    given: str, body: bytes, data: dict[str, Any], header_timestamp: str, secrets: Sequence[str]
) -> bool:
    """Whether `given` (with or without `mac=`) is a signature of `body`, which reads as `data`."""
    mac = given.strip().lower().removeprefix("mac=").encode()
    # All are computed, so that the time taken tells nothing.
    matches = [
        hmac.compare_digest(mac, sign(first, body, timestamp, secret).encode())
        for secret in secrets
        for first in _first_terms(data)
        for timestamp in _timestamps(data, header_timestamp)
    ]
    return any(matches)


def _first_terms(data: dict[str, Any]) -> Iterator[str]:
    yield _word(data.get("app_id"))
    if account := _word(data.get("oa_id")):
        yield account
    for party in (data.get("recipient"), data.get("sender")):
        if isinstance(party, dict) and (account := _word(party.get("id"))):
            yield account


def _timestamps(data: dict[str, Any], header: str) -> Iterator[str]:
    yield _word(data.get("timestamp"))
    if header.isascii() and header.isdecimal():
        yield header


def _word(value: object) -> str:
    """An id or a time, which come as text or as a number; empty for anything else."""
    if type(value) is int or isinstance(value, str):
        text = str(value)
        return text if text.isascii() and len(text) <= 64 else ""
    return ""
