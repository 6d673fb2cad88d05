"""`rong talk`: a conversation in the terminal, typed or read from a file line by line."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from uuid import uuid4

import click

from bot.channels.base import Capabilities, Incoming, Reply
from bot.settings import load_settings
from knowledge_base.errors import BadRequest

TERMINAL = Capabilities(buttons=0, text_length=4000)


@click.command()
@click.option("--language", help="Language to speak, such as vi, bdq, jra, en.")
@click.option("--echo/--no-echo", default=None, help="Print what is read (default: when piped).")
def command(language: str | None, echo: bool | None) -> None:
    """Talk with the assistant here: type words or the number of a choice.

    `!act:back` is a tap on a button. From a pipe it makes a transcript."""
    piped = not sys.stdin.isatty()
    asyncio.run(_talk(language, piped if echo is None else echo))


async def _talk(language: str | None, echo: bool) -> None:
    from bot.assistant import build

    assistant = await build(load_settings())
    conversation = f"terminal:{uuid4().hex}"
    try:
        for line in _lines():
            if echo:
                click.echo(f"\n>> {line}\n")
            tapped = line.removeprefix("!") if line.startswith("!") else None
            text = None if tapped else line
            incoming = Incoming(conversation, text, tapped, language)
            language = None
            try:
                _show(await assistant.handle(incoming, TERMINAL))
            except BadRequest as error:
                click.echo(str(error))
    finally:
        await assistant.erase(conversation)
        await assistant.close()


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        yield line.rstrip("\n")


def _show(reply: Reply) -> None:
    for message in reply.messages:
        click.echo(message.text)
        if message.vi:
            click.echo(click.style(message.vi, dim=True))
    state = reply.state
    click.echo(click.style(f"[{state.procedure or '-'} · {state.step or '-'}]", dim=True))
