"""The conversation API over HTTP, with a scripted assistant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.fakes.assistant import FakeAssistant

BAD = yaml.safe_load(Path(__file__).with_name("bad_input.yml").read_text(encoding="utf-8"))
MESSAGES = "/api/conversations/mother-1/messages"


async def tap(client: httpx.AsyncClient, value: str) -> dict[str, Any]:
    answer = await client.post(MESSAGES, json={"choice": value})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def is_problem(answer: httpx.Response, status: int) -> bool:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status == answer.status_code
    assert body["type"]
    assert body["title"]
    return True


async def test_first_message_starts_a_conversation(client: httpx.AsyncClient) -> None:
    body = await tap(client, "act:restart")
    assert [message["id"] for message in body["messages"]] == ["bot.greet", "bot.choose_language"]
    greeting, question = body["messages"]
    assert greeting["picture"] == "/static/icons/village.svg"
    assert greeting["audio"] == "/audio/fake-bot-greet.ogg"
    assert set(question["choices"][0]) == {"label", "value", "picture", "audio", "vi", "draft"}
    assert body["state"] == {
        "procedure": None,
        "step": None,
        "answers": {},
        "language": "vi",
        "handover": False,
    }


async def test_journey_to_the_papers(client: httpx.AsyncClient) -> None:
    await tap(client, "language:vi")
    await tap(client, "start:birth_registration")
    answer = await client.post(MESSAGES, json={"text": "12/3/2026"})
    assert answer.json()["state"]["answers"] == {"child_born": "2026-03-12"}
    await tap(client, "answer:hospital")
    outcome = await tap(client, "answer:yes")
    assert outcome["state"]["step"] == "outcome"
    assert outcome["messages"][0]["sources"] == ["Nguồn thử", "Nguồn thử hai"]
    papers = await tap(client, "act:next")
    first = papers["messages"][0]
    assert first["head"] == "Phải nộp:"
    assert first["items"][0]["picture"] == "/static/icons/birth_paper.svg"
    assert first["text"].startswith("Phải nộp:\n• Giấy chứng sinh")


async def test_draft_comes_with_its_vietnamese(client: httpx.AsyncClient) -> None:
    body = await tap(client, "language:xx")
    message = body["messages"][-1]
    assert message["draft"] is True
    assert message["vi"] == "Anh/chị cần làm việc gì?"
    assert message["choices"][0]["vi"] == "Đăng ký khai sinh"


async def test_resume_gives_the_last_messages(client: httpx.AsyncClient) -> None:
    last = await tap(client, "language:vi")
    answer = await client.get("/api/conversations/mother-1")
    assert answer.json() == last
    assert answer.headers["cache-control"] == "no-store"


async def test_unknown_conversation(client: httpx.AsyncClient) -> None:
    assert is_problem(await client.get("/api/conversations/nobody"), 404)


async def test_erase(client: httpx.AsyncClient) -> None:
    await tap(client, "language:vi")
    answer = await client.delete("/api/conversations/mother-1")
    assert (answer.status_code, answer.content) == (204, b"")
    assert is_problem(await client.get("/api/conversations/mother-1"), 404)
    assert (await client.delete("/api/conversations/mother-1")).status_code == 204


async def test_other_channels_are_out_of_reach(
    client: httpx.AsyncClient, assistant: FakeAssistant
) -> None:
    await client.post("/api/conversations/telegram:1/messages", json={"choice": "language:vi"})
    assert [incoming.conversation for incoming in assistant.received] == ["web:telegram:1"]


async def test_an_event_sent_twice_is_answered_once(client: httpx.AsyncClient) -> None:
    await tap(client, "language:vi")
    event = {"choice": "start:birth_registration", "event": "e1"}
    first = (await client.post(MESSAGES, json=event)).json()
    await tap(client, "answer:recent")
    event = {"choice": "answer:home", "event": "e2"}
    first = (await client.post(MESSAGES, json=event)).json()
    assert (await client.post(MESSAGES, json=event)).json() == first


@pytest.mark.parametrize("id", ["a b", "a" * 129, "a;b", "ă"])
async def test_wrong_conversation_ids(client: httpx.AsyncClient, id: str) -> None:
    assert is_problem(await client.get(f"/api/conversations/{id}"), 422)


def body_of(case: dict[str, Any]) -> bytes:
    for field in ("text", "choice"):
        if field in case:
            return json.dumps({field: case[field] * case["repeat"]}).encode()
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "raw" in case:
        return str(case["raw"] * case.get("repeat", 1)).encode()
    return json.dumps(case["json"]).encode()


@pytest.mark.parametrize("case", BAD, ids=[case["name"] for case in BAD])
async def test_bad_input_is_answered_and_harms_nothing(
    client: httpx.AsyncClient, case: dict[str, Any]
) -> None:
    await tap(client, "language:vi")
    before = (await tap(client, "start:birth_registration"))["state"]
    content = body_of(case)
    headers = {"content-type": "application/json"}
    answer = await client.post(MESSAGES, content=content, headers=headers)
    if case["status"] == 200:
        assert answer.status_code == 200
        assert answer.json()["messages"][0]["id"] == case["first"]
    else:
        assert is_problem(answer, case["status"])
    assert (await client.get("/api/conversations/mother-1")).json()["state"] == before


async def test_body_limit_without_announced_length(client: httpx.AsyncClient) -> None:
    async def stream() -> Any:
        for _ in range(80):
            yield b"a" * 1024

    assert is_problem(await client.post(MESSAGES, content=stream()), 413)


async def test_a_problem_does_not_repeat_what_was_sent(client: httpx.AsyncClient) -> None:
    answer = await client.post(MESSAGES, json={"text": 123456789012, "choice": ["012345678901"]})
    assert answer.status_code == 422
    assert "123456789012" not in answer.text
    assert "012345678901" not in answer.text


async def test_internal_error_hides_the_text(
    client: httpx.AsyncClient, assistant: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.broken = RuntimeError("while reading 'my secret words'")
    answer = await client.post(MESSAGES, json={"text": "my secret words"})
    assert is_problem(answer, 500)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["error_id"] in caplog.text
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text + answer.text


async def test_an_empty_answer_is_an_error(
    client: httpx.AsyncClient, assistant: FakeAssistant
) -> None:
    assistant.script["stops"]["language"]["messages"] = []
    assert is_problem(await client.post(MESSAGES, json={"choice": "act:restart"}), 500)


async def test_languages_words_and_procedures(client: httpx.AsyncClient) -> None:
    languages = (await client.get("/api/languages")).json()
    assert {"code": "vi", "name": "Tiếng Việt"}.items() <= languages[0].items()
    words = (await client.get("/api/ui", params={"language": "xx"})).json()
    assert words["ui.back"]["draft"] is True
    assert words["ui.back"]["audio"].endswith(".ogg")
    assert (await client.get("/api/procedures")).json()[0]["on"] == "2026-11-23"
    one = await client.get("/api/procedures/birth_registration?language=xx&on=2027-03-01")
    assert one.json()["on"] == "2027-03-01"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/procedures/nothing", 404),
        ("/api/procedures?on=yesterday", 422),
        ("/api/procedures/birth_registration?on=2026-02-30", 422),
        ("/api/ui?language=qqq", 404),
        ("/api/nothing", 404),
        ("/nothing", 404),
    ],
)
async def test_wrong_questions(client: httpx.AsyncClient, path: str, status: int) -> None:
    assert is_problem(await client.get(path), status)


async def test_wrong_method(client: httpx.AsyncClient) -> None:
    answer = await client.put("/api/conversations/a")
    assert is_problem(answer, 405)
    assert "GET" in answer.headers["allow"]
