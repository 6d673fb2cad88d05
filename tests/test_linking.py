"""Codes: random, kept hashed, good for a time, taken over once, slow to guess."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import linking, tries
from bot.linking import ALPHABET, LONG, SHORT, Links, code_in
from knowledge_base.errors import TooManyTries, UnknownId

SECRET = "of the tests"
MOTHER = "telegram:123456789"


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'rong.db'}"


@pytest.fixture
async def links(database: str) -> AsyncIterator[Links]:
    links = Links(database, SECRET)
    yield links
    await links.close()


async def test_either_code_stands_for_the_conversation(links: Links) -> None:
    for which in ("short", "long"):
        issued = await links.issue(MOTHER, "carry")
        link = await links.take(getattr(issued, which), "web:phone", ["here"])
        assert (link.conversation, link.pair) == (MOTHER, issued.pair)


async def test_taken_over_once_by_whichever_code(links: Links) -> None:
    issued = await links.issue(MOTHER, "carry")
    await links.take(issued.long, "web:phone", ["here"])
    for code in (issued.long, issued.short):
        with pytest.raises(UnknownId):
            await links.take(code, "web:other", ["there"])
        with pytest.raises(UnknownId):
            await links.look(code, ["counter"])
    again = await links.take(issued.long, "web:phone", ["here"])
    assert again.conversation == MOTHER, "a repeated event of the taker's is answered alike"


async def test_many_at_once_and_one_takes_it(database: str) -> None:
    pool = [Links(database, SECRET) for _ in range(4)]
    await pool[0].open()
    issued = await pool[0].issue(MOTHER, "carry")

    async def take(number: int) -> bool:
        try:
            await pool[number % 4].take(issued.short, f"web:{number}", [f"source {number}"])
        except UnknownId:
            return False
        return True

    assert sum(await asyncio.gather(*map(take, range(12)))) == 1
    for links in pool:
        await links.close()


async def test_a_new_code_ends_the_one_before(links: Links) -> None:
    old = await links.issue(MOTHER, "carry")
    await links.issue(MOTHER, "carry")
    with pytest.raises(UnknownId):
        await links.take(old.short, "web:phone", ["here"])


@pytest.mark.parametrize(("purpose", "seconds"), [("carry", 600), ("counter", 12 * 3600)])
async def test_codes_expire(
    links: Links, purpose: linking.Purpose, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = await links.issue(MOTHER, purpose)
    clock = linking.time.time()
    monkeypatch.setattr(linking.time, "time", lambda: clock + seconds - 5)
    assert (await links.look(issued.short, ["counter"])).conversation == MOTHER
    monkeypatch.setattr(linking.time, "time", lambda: clock + seconds + 1)
    with pytest.raises(UnknownId):
        await links.look(issued.short, ["counter"])
    with pytest.raises(UnknownId):
        await links.take(issued.long, "web:phone", ["here"])
    assert await links.expire() == [issued.pair]


async def test_a_counter_code_takes_nothing_over_and_is_looked_at_again(links: Links) -> None:
    issued = await links.issue(MOTHER, "counter")
    with pytest.raises(UnknownId):
        await links.take(issued.short, "web:phone", ["here"])
    for _ in range(3):
        assert (await links.look(issued.short, ["counter"])).conversation == MOTHER


async def test_forgotten_with_its_conversation(links: Links) -> None:
    issued = [await links.issue(MOTHER, "carry"), await links.issue(MOTHER, "counter")]
    other = await links.issue("web:other", "carry")
    assert sorted(await links.forget(MOTHER)) == sorted(one.pair for one in issued)
    with pytest.raises(UnknownId):
        await links.look(issued[1].short, ["counter"])
    assert (await links.look(other.short, ["counter"])).conversation == "web:other"


async def test_guessing_is_stopped_for_the_source_only(links: Links) -> None:
    issued = await links.issue(MOTHER, "carry")
    for _ in range(tries.MOST):
        with pytest.raises(UnknownId):
            await links.take("2" * SHORT, "web:guess", ["guesser"])
    with pytest.raises(TooManyTries):
        await links.take(issued.short, "web:guess", ["guesser"])
    assert (await links.take(issued.short, "web:phone", ["mother"])).conversation == MOTHER


async def test_one_of_several_sources_is_enough(links: Links) -> None:
    for number in range(tries.MOST):
        with pytest.raises(UnknownId):
            await links.take("2" * LONG, "x", ["address 1.2.3.4", f"conversation {number}"])
    with pytest.raises(TooManyTries):
        await links.take("2" * LONG, "x", ["address 1.2.3.4", "conversation new"])


async def test_many_sources_together_are_stopped_for_short_codes(
    links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "MOST_SHORT_TRIES", 5)
    issued = await links.issue(MOTHER, "carry")
    for number in range(5):
        with pytest.raises(UnknownId):
            await links.take("2" * SHORT, "x", [f"source {number}"])
    with pytest.raises(TooManyTries):
        await links.take(issued.short, "web:phone", ["mother"])
    assert (await links.take(issued.long, "web:phone", ["mother"])).conversation == MOTHER


async def test_many_guesses_at_once_gain_nothing(links: Links) -> None:
    async def guess() -> type[Exception]:
        try:
            await links.take("2" * LONG, "x", ["guesser"])
        except (UnknownId, TooManyTries) as error:
            return type(error)
        raise AssertionError

    seen = await asyncio.gather(*(guess() for _ in range(40)))
    assert seen.count(UnknownId) <= tries.MOST


async def test_right_codes_count_as_no_tries(links: Links) -> None:
    issued = await links.issue(MOTHER, "counter")
    for _ in range(3 * tries.MOST):
        await links.look(issued.short, ["clerk"])


async def test_wrong_tries_are_forgiven_after_a_while(
    links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = await links.issue(MOTHER, "counter")
    for _ in range(tries.MOST):
        with pytest.raises(UnknownId):
            await links.look("2" * SHORT, ["clerk"])
    clock = tries.time.time()
    monkeypatch.setattr(tries.time, "time", lambda: clock + tries.WINDOW + 1)
    assert (await links.look(issued.short, ["clerk"])).conversation == MOTHER


async def test_restarts_and_other_processes_know_codes_and_tries(database: str) -> None:
    first = Links(database, SECRET)
    issued = await first.issue(MOTHER, "carry")
    for _ in range(tries.MOST):
        with pytest.raises(UnknownId):
            await first.take("2" * SHORT, "x", ["guesser"])
    await first.close()
    program = f"""
import asyncio, json
from bot.linking import Links
from knowledge_base.errors import TooManyTries, UnknownId
async def main():
    links = Links({database!r}, {SECRET!r})
    told = []
    for source in ("guesser", "mother", "mother"):
        try:
            taken = await links.take({issued.short!r}, "web:" + source + str(len(told)), [source])
            told.append(taken.conversation)
        except (TooManyTries, UnknownId) as error:
            told.append(type(error).__name__)
    await links.close()
    print(json.dumps(told))
asyncio.run(main())
"""
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert json.loads(done.stdout) == ["TooManyTries", MOTHER, "UnknownId"], done.stderr


async def test_the_database_holds_no_code_and_no_source(links: Links, tmp_path: Path) -> None:
    issued = await links.issue(MOTHER, "carry")
    with pytest.raises(UnknownId):
        await links.take("2" * SHORT, "x", ["address 203.0.113.7"])
    with sqlite3.connect(tmp_path / "rong.db") as database:
        kept = "\n".join(database.iterdump())
    assert MOTHER in kept
    for secret in (issued.short, issued.long, issued.spoken, "203.0.113.7"):
        assert secret not in kept


async def test_codes_say_nothing_and_are_hard_to_guess(links: Links) -> None:
    issued = [await links.issue(MOTHER, "carry") for _ in range(50)]
    assert len({one.short for one in issued}) == len({one.long for one in issued}) == 50
    for one in issued:
        assert set(one.short + one.long) <= set(ALPHABET)
        assert "123456789" not in one.short + one.long
    assert not set(ALPHABET) & set("01OILSZBGUAEY")
    assert len(ALPHABET) ** LONG > 2**40


@pytest.mark.parametrize(
    "text",
    ["HJK-347", "hjk-347", " HJK 347 ", "hjk347.", "mã HJK-347", "Mã: HJK-347", "ma hjk 347",
     "H J K 3 4 7", "HJK347CDFHJK", "mã\nHJK-347"],
)  # fmt: skip
def test_codes_as_people_type_them(text: str) -> None:
    assert (code_in(text) or "").startswith("HJK347")


@pytest.mark.parametrize(
    "text",
    [None, "", "không", "khong biet", "xin chào", "120326", "12/3/2026", "23-5-26", "HJK-34",
     "HJK-3470", "064198000123", "/start HJK347", "HJK347; DROP TABLE", "bệnh viện", "mã", "HJKA47",
     "2" * 100, "mã 2026", "0912 345 678"],
)  # fmt: skip
def test_other_texts_are_no_codes(text: str | None) -> None:
    assert code_in(text) is None
