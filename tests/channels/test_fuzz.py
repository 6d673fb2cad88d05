"""Whatever arrives, a webhook's parser reads it or says that it can't; nothing else happens.

Short here. Longer: `RONG_FUZZ_EXAMPLES=200000 pytest tests/channels/test_fuzz.py`."""

from __future__ import annotations

import copy
import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.zalo_oa.signature import genuine
from tests.channels.readers import READERS, recorded

EXAMPLES = int(os.environ.get("RONG_FUZZ_EXAMPLES", "300"))

ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    2**63,
    1e308,
    float("inf"),
    "",
    " ",
    "\x00",
    "\ud800",
    "a" * 5000,
    "9" * 400,
    "../../etc/passwd",
    "http://127.0.0.1:9/x",
    "#rong:",
    "#rong:act:listen:../..",
    "•",
    [],
    [[]],
    {},
    {"id": {}},
]
VALUES = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=20),
    st.integers(),
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=6,
    ),
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a payload, as a path of keys."""
    found = [path] if path else []
    keys = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in keys if isinstance(data, (dict, list)) else ():
        deeper = (*path, key)
        found += places(value, deeper) if isinstance(value, (dict, list)) else [deeper]
    return found


@st.composite
def mutated(draw: st.DrawFn, channel: str) -> Any:
    """A recorded payload with a few places changed, left out, or put elsewhere."""
    data = copy.deepcopy(draw(st.sampled_from(recorded(channel)))["body"])
    for _ in range(draw(st.integers(1, 3))):
        spots = places(data)
        if not spots:
            break
        *way, last = draw(st.sampled_from(spots))
        inside = data
        for key in way:
            inside = inside[key]
        act = draw(st.sampled_from(["change", "drop", "copy"]))
        if act == "change":
            # A copy: the next change may be within it, and would change what is drawn from.
            inside[last] = copy.deepcopy(draw(VALUES))
        elif act == "drop":
            del inside[last]
        else:
            data[draw(st.sampled_from(["message", "sender", "result", "event_name"]))] = inside[
                last
            ]
            data = json.loads(json.dumps(data))
    return data


@pytest.mark.parametrize("channel", READERS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_payload(channel: str, data: st.DataObject) -> None:
    payload = data.draw(mutated(channel))
    try:
        arrived = READERS[channel](payload)
    except ValueError:
        assert channel == "telegram"
        return
    if arrived is None:
        return
    assert arrived.conversation.startswith(f"{channel}:")
    assert len(arrived.conversation) <= 160
    assert sum(kind in arrived.body for kind in ("text", "choice", "voice")) == 1
    assert isinstance(arrived.event, str)
    json.dumps(arrived.body).encode()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), given_mac=st.text(max_size=80), timestamp=st.text(max_size=20))
def test_no_forgery(data: st.DataObject, given_mac: str, timestamp: str) -> None:
    payload = data.draw(mutated("zalo_oa"))
    body = json.dumps(payload).encode()
    assert not genuine(given_mac, body, payload, timestamp, ["key", "other"])
