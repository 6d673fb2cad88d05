"""`rong fit-weights`: find how much rules, guesses and intent weigh against each other."""

from __future__ import annotations

from pathlib import Path

import click

_ABOUT = """\
# How much each piece of evidence weighs for what a message is (evidence.py, weighing.py).
# Found by `rong fit-weights` on held-out answers that no model learnt from; not edited by hand.
"""


@click.command()
@click.option(
    "--into",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the weights are written (default: knowledge_base/answers/weights.yml).",
)
def command(into: Path | None) -> None:
    """Fit the weights by which an answer is told from something else, with the model that
    `rong train` made (it is made first if there is none)."""
    import yaml

    from bot.bench._held_out_answers import AnswerJudge
    from bot.training import ensure_model
    from bot.understanding import Understanding
    from bot.weights import OF_ANSWERS, OF_CHANGES, Example, fit, told, told_of_earlier
    from knowledge_base.answers.weighing import WEIGHTS, Weights

    understanding = Understanding.from_model(ensure_model().path)
    judge, found = AnswerJudge(understanding), {}

    def learn(kind: str, examples: list[Example], prior: dict[str, float]) -> None:
        found[kind] = dict(fit(examples, prior))
        click.echo(f"{kind}: {len(found[kind])} weights from {len(examples):,} answers", err=True)

    learn("guessed", told(judge, guessed=True), OF_ANSWERS)
    learn("alone", told(judge, guessed=False), OF_ANSWERS)
    # what answers the present question, which the weights just found tell, takes nothing back
    learn("earlier", told_of_earlier(AnswerJudge(understanding, Weights(found))), OF_CHANGES)
    target = into or WEIGHTS
    target.write_text(_ABOUT + yaml.safe_dump(found, sort_keys=True), "utf-8")
    click.echo(f"The weights are {target}")
