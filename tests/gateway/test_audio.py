"""Sound over HTTP."""

from __future__ import annotations

import httpx
import pytest

from tests.fakes.speaker import FakeSpeaker


@pytest.mark.parametrize(
    ("format", "media", "magic"),
    [("ogg", "audio/ogg", b"OggS"), ("m4a", "audio/mp4", b"ftyp"), ("aac", "audio/aac", b"\xff")],
)
async def test_formats(client: httpx.AsyncClient, format: str, media: str, magic: bytes) -> None:
    answer = await client.get(f"/audio/fake-1.{format}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media
    assert magic in answer.content[:12]
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"


async def test_ranges(client: httpx.AsyncClient) -> None:
    whole = (await client.get("/audio/fake-1.ogg")).content
    part = await client.get("/audio/fake-1.ogg", headers={"range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.content == whole[10:20]
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole)}"
    beyond = await client.get("/audio/fake-1.ogg", headers={"range": "bytes=999999-"})
    assert beyond.status_code == 416


async def test_not_changed(client: httpx.AsyncClient) -> None:
    first = await client.get("/audio/fake-1.ogg")
    assert first.headers["etag"]
    assert first.headers["accept-ranges"] == "bytes"


async def test_slow(client: httpx.AsyncClient, speaker: FakeSpeaker) -> None:
    await client.get("/audio/fake-1.ogg?speed=slow")
    assert speaker.asked == [("fake-1", "ogg", "slow")]


async def test_personal_sound_is_not_kept(client: httpx.AsyncClient) -> None:
    answer = await client.get("/audio/pfake-1.ogg")
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/audio/unknown.ogg", 404),
        ("/audio/fake-1.mp3", 422),
        ("/audio/fake-1.ogg?speed=fast", 422),
        ("/audio/..%2f..%2fetc%2fpasswd.ogg", 404),
        ("/audio/fake-1", 404),
    ],
)
async def test_no_such_sound(client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_no_voice_now(client: httpx.AsyncClient, speaker: FakeSpeaker) -> None:
    speaker.silent = True
    answer = await client.get("/audio/fake-1.ogg")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
