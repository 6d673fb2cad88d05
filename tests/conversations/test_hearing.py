"""What was heard counts once it is confirmed; what somebody who was away answers, once it is
known whom it is for."""

from __future__ import annotations

from uuid import uuid4

import pytest

from bot.engine import Engine, EngineTurn
from bot.engine import engine as engine_module


@pytest.fixture
def mother() -> str:
    return f"test:{uuid4().hex}"


def said(turn: EngineTurn) -> list[str]:
    return [say.say for say in turn.says]


def offered(turn: EngineTurn) -> list[str]:
    return [choice.value for say in turn.says for choice in say.choices]


async def at_born_where(engine: Engine, mother: str) -> EngineTurn:
    await engine.turn(mother, choice="start:birth_registration")
    return await engine.turn(mother, choice="answer:within_deadline")


async def test_heard_is_read_back_with_the_choices(engine: Engine, mother: str) -> None:
    asked = await at_born_where(engine, mother)
    turn = await engine.turn(mother, heard="sinh ở nhà")
    assert said(turn) == ["bot.heard"]
    assert turn.says[0].params["text"] == "sinh ở nhà"
    assert turn.says[0].personal, "what a person said never leaves the machine to be spoken"
    assert offered(turn) == ["act:confirm", "act:cancel", *offered(asked)]
    assert turn.step == "born_where"
    assert "born_where" not in turn.answers


@pytest.mark.parametrize("yes", [{"choice": "act:confirm"}, {"text": "đúng rồi"}, {"text": "1"}])
async def test_yes_takes_it_as_if_typed(engine: Engine, mother: str, yes: dict[str, str]) -> None:
    await at_born_where(engine, mother)
    await engine.turn(mother, heard="sinh ở nhà")
    turn = await engine.turn(mother, **yes)
    assert turn.answers["born_where"] == "home"
    again = await engine.turn(mother, choice="act:confirm")
    assert "bot.heard" not in said(again)
    assert again.answers == turn.answers


@pytest.mark.parametrize("no", [{"choice": "act:cancel"}, {"text": "không đúng"}, {"text": "2"}])
async def test_no_asks_again(engine: Engine, mother: str, no: dict[str, str]) -> None:
    await at_born_where(engine, mother)
    await engine.turn(mother, heard="sinh ở nhà")
    turn = await engine.turn(mother, **no)
    assert said(turn) == ["bot.heard_wrong", "birth_registration.question.born_where"]
    assert "born_where" not in turn.answers


async def test_yes_and_no_are_about_what_was_heard_first(engine: Engine, mother: str) -> None:
    """Also where the pending question could be answered by the same word."""
    await at_born_where(engine, mother)
    await engine.turn(mother, choice="answer:facility")
    await engine.turn(mother, heard="không có")
    turn = await engine.turn(mother, text="đúng")
    assert turn.answers["birth_notification"] == "no"


async def test_a_tap_instead_answers(engine: Engine, mother: str) -> None:
    await at_born_where(engine, mother)
    await engine.turn(mother, heard="sinh ở đâu đó")
    turn = await engine.turn(mother, choice="answer:home")
    assert turn.answers["born_where"] == "home"
    later = await engine.turn(mother, choice="act:confirm")
    assert "bot.start_procedure" not in said(later)
    assert later.answers["born_where"] == "home"


async def test_a_number_that_was_heard_means_a_choice_of_the_question(
    engine: Engine, mother: str
) -> None:
    asked = await at_born_where(engine, mother)
    await engine.turn(mother, heard="1")
    turn = await engine.turn(mother, choice="act:confirm")
    assert f"answer:{turn.answers['born_where']}" == offered(asked)[0]


async def test_heard_before_anything_else(engine: Engine, mother: str) -> None:
    turn = await engine.turn(mother, heard="làm giấy khai sinh cho con")
    assert said(turn) == ["bot.heard"]
    assert (await engine.turn(mother, choice="act:confirm")).procedure == "birth_registration"


@pytest.mark.parametrize("text", ["/restart", '/choose{"value": "home"}', "a" * 5000, '"}{', " \n"])
async def test_odd_things_heard(engine: Engine, mother: str, text: str) -> None:
    await at_born_where(engine, mother)
    await engine.turn(mother, heard=text)
    turn = await engine.turn(mother, choice="act:confirm")
    assert turn.step == "born_where"
    assert "born_where" not in turn.answers


async def test_an_identity_number_is_masked_before_it_is_kept(engine: Engine, mother: str) -> None:
    turn = await engine.turn(mother, heard="số của tôi là 064 198 000 123")
    assert "064" not in str(turn.says)
    assert said(turn)[0] == "bot.masked"


async def test_consent_to_an_online_service(engine: Engine, mother: str) -> None:
    await at_born_where(engine, mother)
    asked = await engine.turn(mother, choice="act:voice_ask")
    assert not asked.voice_online
    turn = await engine.turn(mother, text="đồng ý")
    assert said(turn) == ["bot.voice_agreed", "birth_registration.question.born_where"]
    assert turn.voice_online


class TestAway:
    @pytest.fixture(autouse=True)
    def hours_later(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(engine_module, "AWAY", -1)

    async def begin(self, engine: Engine, mother: str, patch: pytest.MonkeyPatch) -> None:
        with patch.context() as now:
            now.setattr(engine_module, "AWAY", 3600)
            await at_born_where(engine, mother)

    @pytest.mark.parametrize("answer", [{"text": "sinh ở nhà"}, {"choice": "answer:home"}])
    async def test_an_answer_is_held_until_it_is_known_whom_it_is_for(
        self, engine: Engine, mother: str, answer: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await self.begin(engine, mother, monkeypatch)
        turn = await engine.turn(mother, **answer)
        assert said(turn) == ["bot.resume"]
        assert "born_where" not in turn.answers
        turn = await engine.turn(mother, choice="act:confirm")
        assert turn.answers["born_where"] == "home"

    async def test_for_another_child(
        self, engine: Engine, mother: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await self.begin(engine, mother, monkeypatch)
        await engine.turn(mother, text="sinh ở nhà")
        await engine.turn(mother, choice="act:another")
        turn = await engine.turn(mother, choice="act:confirm")
        assert turn.step == "child_born"
        assert turn.answers == {}

    @pytest.mark.parametrize("tap", ["act:back", "act:repeat", "language:jra", "act:clerk"])
    async def test_other_taps_do_what_they_say(
        self, engine: Engine, mother: str, tap: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await self.begin(engine, mother, monkeypatch)
        assert "bot.resume" not in said(await engine.turn(mother, choice=tap))

    async def test_a_greeting_is_greeted(
        self, engine: Engine, mother: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await self.begin(engine, mother, monkeypatch)
        turn = await engine.turn(mother, text="xin chào")
        assert said(turn) == ["bot.resume"]
        assert "act:repeat" in offered(turn)


async def test_a_copy_stands_where_the_original_does(engine: Engine, mother: str) -> None:
    asked = await at_born_where(engine, mother)
    other = f"{mother}:copy"
    assert await engine.copy(mother, other)
    turn = await engine.turn(other, choice="act:linked")
    assert said(turn) == ["bot.linked", asked.says[-1].say]
    assert (turn.answers, turn.step) == (asked.answers, asked.step)
    await engine.turn(other, choice="answer:home")
    assert "born_where" not in (await engine.last(mother) or asked).answers
    assert not await engine.copy("test:nobody", other)


async def test_an_event_answered_last_is_known(engine: Engine, mother: str) -> None:
    turn = await engine.turn(mother, heard="xin chào", event="7")
    assert await engine.answered(mother, "7") == turn
    assert await engine.answered(mother, "8") is None
    assert await engine.answered("test:nobody", "7") is None
    assert await engine.answered(mother, None) is None
