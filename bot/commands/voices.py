"""`rong voices`: who can speak here, in which languages, and how full the cache is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import click
from rich import box
from rich.console import Console
from rich.table import Table

from bot.settings import load_settings
from knowledge_base.catalogs import load_catalogs
from knowledge_base.languages import Languages, load_languages
from knowledge_base.load import load
from knowledge_base.messages import messages
from voices.encode import FORMATS
from voices.engine import Engine, Speed, find_engines
from voices.library import Library, Prerendered
from voices.store import AudioStore


@click.group(invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List the voices and try each one, or render prompts ahead."""
    if context.invoked_subcommand is not None:
        return
    settings, languages = load_settings(), load_languages()
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("voice", "kind", "works here", "our languages", "all"):
        table.add_column(column)
    for engine in find_engines():
        ours = [code for code in languages.by_code if engine.voice_for(code)]
        kind = "fake" if engine.pretend else "online" if engine.online else "offline"
        table.add_row(
            engine.name,
            kind,
            _tried(engine, ours, languages),
            " ".join(ours) or "–",
            str(len(engine.languages())),
        )
    console = Console(highlight=False)
    console.print(table)
    library = Library.open(settings.audio_cache, online=settings.voice_online)
    for code, pack in library.packs.items():
        console.print(f"recorded prompts, {code}: {len(pack.recordings)}")
    library.close()
    console.print(f"cache: {settings.audio_cache} {_megabytes(library.store)}")
    if not settings.voice_online:
        console.print("online voices are switched off (RONG_VOICE_ONLINE)")


def _tried(engine: Engine, ours: list[str], languages: Languages) -> str:
    """What came of really speaking a short word."""
    if not ours:
        return "no: speaks none of our languages, or its library is missing"
    begin = time.perf_counter()
    try:
        clip = engine.synthesise(languages[ours[0]].name, ours[0], "normal")
    except Exception as error:
        # A list of what works must not end at the first that does not.
        return f"no: {error or type(error).__name__}"
    took = (time.perf_counter() - begin) * 1000
    return f"yes: {clip.duration:.1f} s of sound in {took:.0f} ms"


def _megabytes(store: AudioStore) -> str:
    return f"{store.size() / 1024**2:.1f} MB"


def static_prompts(language: str) -> Iterator[tuple[str, str, str]]:
    """`(language, message id, text)` of every message without parameters that the language has.

    Raises `UnknownId` for a language that is not listed."""
    languages = load_languages()
    language = languages.resolve(language)
    catalogs = load_catalogs()
    for message in messages(load()):
        if message.placeholders:
            continue
        if language == languages.source:
            yield language, message.id, message.text
        elif translation := catalogs.lookup(language, message.id, message.text):
            yield language, message.id, translation.text


@command.command()
@click.option("--language", default="vi", show_default=True, help="Language to render.")
@click.option(
    "--format",
    "forms",
    type=click.Choice(list(FORMATS)),
    multiple=True,
    default=("ogg", "m4a"),
    show_default=True,
    help="File format; may be given several times.",
)
@click.option("--slow", is_flag=True, help="Render slow speech too.")
def prerender(language: str, forms: tuple[str, ...], slow: bool) -> None:
    """Render every prompt whose words are known beforehand."""
    settings = load_settings()
    prompts = list(static_prompts(language))
    speeds: tuple[Speed, ...] = ("normal", "slow") if slow else ("normal",)
    library = Library.open(settings.audio_cache, online=settings.voice_online)
    begin = time.perf_counter()
    try:
        done = asyncio.run(_prerender(library, prompts, forms, speeds))
    finally:
        library.close()
    click.echo(
        f"{language}: {len(prompts)} prompts, {done.made} files made, {done.cached} were there, "
        f"{done.failed} failed, {done.silent} prompts nothing can speak; "
        f"{time.perf_counter() - begin:.1f} s, cache {_megabytes(library.store)}"
    )


async def _prerender(
    library: Library,
    prompts: list[tuple[str, str, str]],
    forms: tuple[str, ...],
    speeds: tuple[Speed, ...],
) -> Prerendered:
    with click.progressbar(prompts, label="prompts") as shown:
        return await library.prerender(shown, forms, speeds)
