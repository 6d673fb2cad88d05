"""Pages, their files, headers, health, and messengers found by looking."""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

import httpx
import pytest

from bot import channels
from bot.gateway.app import create_app
from bot.settings import Settings
from tests.fakes.assistant import FakeAssistant

PAGES = ["/", "/kiosk"]
CHANNEL = """
from fastapi import APIRouter
seen = []

class Made:
    name = "pigeon"
    router = APIRouter()
    async def start(self): seen.append("start")
    async def stop(self): seen.append("stop")

@Made.router.get("/pigeon")
async def coo() -> str:
    return "coo"

def connect(settings, assistant, speaker):
    seen.append((assistant, speaker))
    return Made()
"""


@pytest.mark.parametrize("path", PAGES)
async def test_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    block = re.search(r'id="data">(.*?)</script>', answer.text)
    assert block
    data = json.loads(block[1])
    assert data["idleSeconds"] == 60
    assert data["today"] == "2026-11-23"
    assert data["words"]["ui.back"]["text"] == "Quay lại"


@pytest.mark.parametrize("path", PAGES)
async def test_page_has_nothing_inline_and_nothing_foreign(
    client: httpx.AsyncClient, path: str
) -> None:
    html = (await client.get(path)).text
    scripts = re.findall(r"<script([^>]*)>", html)
    assert all("src=" in attributes or "application/json" in attributes for attributes in scripts)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|https?://", html)


@pytest.mark.parametrize("path", [*PAGES, "/api/languages", "/nothing", "/static/css/chat.css"])
async def test_security_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_every_file_a_page_names_is_there_and_kept(client: httpx.AsyncClient) -> None:
    for page in PAGES:
        html = (await client.get(page)).text
        files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html))
        assert len(files) > 5
        for file in files:
            answer = await client.get(file)
            assert answer.status_code == 200, file
            kept = "immutable" if "/v-" in file else "max-age=86400"
            assert kept in answer.headers["cache-control"]
            again = await client.get(file, headers={"if-none-match": answer.headers["etag"]})
            assert again.status_code == 304


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/v-000000000000/../../icons.yml"])
async def test_no_way_out_of_the_static_folder(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path.replace("..", "%2e%2e"))
    assert answer.status_code == 404


async def test_health(client: httpx.AsyncClient) -> None:
    body = (await client.get("/health")).json()
    assert body["status"] == "ok"
    assert body["model"] == "fake"
    assert body["version"]


async def test_messengers_are_found_started_and_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pigeon.py").write_text(CHANNEL, encoding="utf-8")
    monkeypatch.setattr(channels, "__path__", [*channels.__path__, str(tmp_path)])
    assistant, speaker = FakeAssistant(), object()
    app = create_app(Settings(_env_file=None, data_dir=tmp_path), assistant, speaker)  # type: ignore[arg-type]
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.get("/pigeon")).json() == "coo"
    pigeon = importlib.import_module("bot.channels.pigeon")
    sys.modules.pop("bot.channels.pigeon")
    assert pigeon.seen == [(assistant, speaker), "start", "stop"]
    assert assistant.closed
