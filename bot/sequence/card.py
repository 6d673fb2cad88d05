"""The model card of the network: what it is, what from, how good, and how to make it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from bot.components.text.sequence import SequenceModel
from bot.sequence.examples import Example
from bot.sequence.figures import Figures
from bot.sequence.training import Recipe, describe

_CARD = """\
---
license: apache-2.0
language:
- vi
- bdq
- jra
pipeline_tag: text-classification
tags:
- text-classification
- gru
---

# Nhà Rông reader

Reads what somebody says to a question of this project's knowledge base, word by word, and tells
how likely each choice is, that several fit, that the person does not know, and that it is no
answer. It knows {known}. A GRU in both directions ({hidden} numbers each) over word vectors of
{word} numbers, made of the word with diacritics, without, and of its letters; each question has its
own attention. Trained from nothing but this project's own text; good for nothing else.

## How to use it

Served without torch by `bot/components/text/sequence.py`; `config.yml` names this folder, and
`AnswerReader` hears it beside the model of n-grams.

## Data

{messages:,} messages of the files of this repository (Apache-2.0; where they come from:
`nlu_data/*/ORIGIN.md`) and their variants, just as `rong train` learns from them: {answers:,}
answer a question, the others ask something. {folded:,} words with diacritics and {stripped:,}
without are known by themselves.

## Training

Cross-entropy over the classes of the question, one query a question; {epochs} epochs, batches of
{batch}, AdamW with a greatest learning rate of {rate}, dropout {dropout}, seed {seed}. Mean loss:
{loss:.3f}. Again:

```sh
rong train-reader
```

It needs the extra `encoder` of `pyproject.toml` (a CPU build of torch) and about a quarter of an
hour. `rong fit-weights` and `rong train` afterwards make the dialogue use it.

## Figures

On the held-out answers of `tests/nlu/held_out_answers`, which no training saw: alone it gives the
right class the likeliest for {share:.1%} of {count:,}. What it adds to the other readers:
`docs/understanding.md`.

## Limits

It knows the questions and choices of its day; of a question that was added or changed since, the
model of n-grams is heard alone. It has never seen a real citizen's message; the second-language and
recogniser styles were imagined.
"""


def card(
    recipe: Recipe,
    examples: Sequence[Example],
    model: SequenceModel,
    loss: float,
    figures: Figures,
) -> str:
    """The card as Markdown."""
    return _CARD.format(
        **asdict(recipe),
        known=describe(model.classes),
        messages=len(examples),
        answers=sum(one.question is not None for one in examples),
        folded=len(model.vocabulary.folded),
        stripped=len(model.vocabulary.stripped),
        loss=loss,
        share=figures.right / max(figures.count, 1),
        count=figures.count,
    )
