"""`rong train-reader`: make the network that reads answers anew from the project's own text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from bot.components.text.sequence import OWN
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
@click.option("--seed", default=None, type=int, help="Another order of the messages.")
def command(into: Path, epochs: int | None, seed: int | None) -> None:
    """Train the network that reads answers word by word, and write its model card.

    Needs the extra 'encoder' of pyproject.toml; serving does not. The text is that of
    knowledge_base and nlu_data. Afterwards `rong fit-weights` and `rong train`."""
    from bot.components.text.sequence import SequenceModel
    from bot.model_files import ProjectPaths
    from bot.sequence.card import card
    from bot.sequence.examples import examples
    from bot.sequence.figures import measure
    from bot.sequence.training import Recipe, train

    recipe = Recipe()
    recipe = replace(recipe, epochs=epochs or recipe.epochs, seed=seed or recipe.seed)
    said = examples(ProjectPaths())
    click.echo(f"Training on {len(said):,} messages", err=True)

    def told(epoch: int, loss: float) -> None:
        click.echo(f"  {epoch} of {recipe.epochs}: loss {loss:.3f}", err=True)

    loss = train(said, recipe, into, told)
    model = SequenceModel.load(into)
    figures = measure(model)
    (into / "README.md").write_text(card(recipe, said, model, loss, figures), "utf-8")
    click.echo(f"The reader is {into}: right for {figures.right} of {figures.count}")
