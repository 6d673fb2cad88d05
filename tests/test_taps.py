from __future__ import annotations

import pytest

from bot.taps import ACTS, numbered, tap
from knowledge_base.errors import BadRequest

OFFERED = ["answer:home", "answer:facility", "act:clerk"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ("act:back", "/back"),
        ("act:clerk", "/talk_to_staff"),
        ("answer:home", '/choose{"value": "home"}'),
        ("topic:fee", "/fee"),
        ("start:birth_registration", '/start{"procedure": "birth_registration"}'),
        ("language:bdq", '/set_language{"language": "bdq"}'),
        ("act:unsupported_media", '/notice{"value": "bot.unsupported_media"}'),
    ],
)
def test_a_tap_becomes_an_intent(choice: str, message: str) -> None:
    assert tap(choice, OFFERED) == message


@pytest.mark.parametrize(
    "choice",
    [
        "answer:village",
        "goto:child_born",
        "act:destroy",
        "topic:weather",
        "answer:",
        "",
        "x",
        "/back",
    ],
)
def test_what_was_not_offered_is_refused(choice: str) -> None:
    with pytest.raises(BadRequest, match="not a choice that was offered"):
        tap(choice, OFFERED)


def test_an_entity_is_quoted() -> None:
    assert tap('start:a"}{', ()) == '/start{"procedure": "a\\"}{"}'


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("1", "answer:home"),
        (" 2. ", "answer:facility"),
        ("số 3", "act:clerk"),
        ("câu 1", "answer:home"),
        ("(2)", "answer:facility"),
        ("2️⃣", "answer:facility"),
        ("0", None),
        ("4", None),
        ("12", None),
        ("1/2", None),
        ("3 tháng", None),
        ("", None),
    ],
)
def test_a_number_stands_for_a_choice(text: str, choice: str | None) -> None:
    assert numbered(text, OFFERED) == choice


def test_every_act_is_an_intent_of_the_domain() -> None:
    from pathlib import Path

    from knowledge_base.yaml_lines import load_yaml

    folder = Path(__file__).parent.parent / "bot" / "domain"
    intents = {name for path in folder.glob("*.yml") for name in load_yaml(path).data["intents"]}
    assert set(ACTS.values()) <= intents
