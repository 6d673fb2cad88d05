"""`rong train-encoder`: make the sentence encoder anew from the project's own text."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from bot.components.text.encoder import OWN
from bot.settings import PROJECT


@click.command()
@click.option(
    "--into",
    default=PROJECT / OWN,
    show_default=OWN,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the folder is written.",
)
@click.option("--epochs", default=None, type=click.IntRange(1), help="How often all is gone over.")
def command(into: Path, epochs: int | None) -> None:
    """Train the encoder that understands what messages mean, and write its model card.

    Needs the extra 'encoder' of pyproject.toml; serving does not. The text is that of
    knowledge_base and nlu_data; the Rasa model is stale afterwards (`rong train`)."""
    from bot.components.text.encoder import StaticEncoder
    from bot.encoding.card import card
    from bot.encoding.figures import measure
    from bot.encoding.pairs import all_pairs
    from bot.encoding.training import Recipe, train
    from knowledge_base.load import load

    knowledge, recipe = load(), Recipe()
    if epochs:
        recipe = replace(recipe, epochs=epochs)
    pairs = all_pairs(knowledge, recipe.seed)
    click.echo(f"Training on {sum(map(len, pairs.values())):,} pairs", err=True)
    loss = train(pairs, recipe, into)
    figures = measure(StaticEncoder.load(into), knowledge)
    tokens = len(json.loads((into / "tokenizer.json").read_text("utf-8"))["model"]["vocab"])
    (into / "README.md").write_text(card(recipe, pairs, tokens, loss, figures), "utf-8")
    click.echo(f"The encoder is {into}: nearest {figures.first:.1%}, in three {figures.three:.1%}")
