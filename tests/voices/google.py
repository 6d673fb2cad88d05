"""Answers gTTS as Google Translate's speech address does, without a network."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests

from tests.voices.sounds import mp3, tone


def line(sound: bytes) -> bytes:
    """The answer's line that carries the sound: an RPC envelope with a JSON text inside."""
    inner = json.dumps([base64.b64encode(sound).decode()], separators=(",", ":"))
    row = [["wrb.fr", "jQ1olc", inner, None, None, None, "generic"]]
    return b")]}'\n\n123\n" + json.dumps(row, separators=(",", ":")).encode() + b"\n25\n"


class Google:
    """Takes the place of `requests.Session.send`; `bodies` are its answers in turn, the last one
    for every request after; an exception is raised, a number is answered as that HTTP status."""

    def __init__(self) -> None:
        self.answers: list[bytes | int | Exception] = [line(mp3(tone()))]
        self.asked: list[list[Any]] = []
        """[text, language, slow] of each request."""
        self.timeouts: list[object] = []

    def send(self, session: object, request: requests.PreparedRequest, **options: Any) -> Any:
        assert request.url is not None
        assert request.url.startswith("https://translate.google.com/")
        rpc = json.loads(parse_qs(str(request.body))["f.req"][0])
        self.asked.append(json.loads(rpc[0][0][1])[:3])
        self.timeouts.append(options.get("timeout"))
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        response = requests.Response()
        response.request, response.url = request, request.url
        response.status_code = answer if isinstance(answer, int) else 200
        response.reason = "OK" if response.status_code == 200 else "Refused"
        response._content = answer if isinstance(answer, bytes) else b""
        response._content_consumed = True
        return response

    def install(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(
            requests.Session,
            "send",
            lambda session, request, **options: self.send(session, request, **options),
        )
