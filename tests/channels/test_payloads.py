"""What is read from payloads as they were recorded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.channels.readers import PAYLOADS, READERS, recorded

CASES = [(channel, case) for channel in READERS for case in recorded(channel)]


def test_every_channel_has_payloads() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.yml")} == set(READERS)


@pytest.mark.parametrize(
    ("channel", "case"), CASES, ids=[f"{channel}: {case['name']}" for channel, case in CASES]
)
def test_recorded(channel: str, case: dict[str, Any]) -> None:
    arrived = READERS[channel](case["body"])
    if arrived is None:
        assert case["reads"] is None
        return
    body = {name: value for name, value in arrived.body.items() if name != "at"}
    assert case["reads"] == {
        "event": arrived.event,
        "conversation": arrived.conversation,
        "body": body,
    }
