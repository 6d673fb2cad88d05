"""The model card of the encoder: what it is, what from, how good, and how to make it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from bot.encoding.figures import Figures
from bot.encoding.pairs import Pair
from bot.encoding.training import Recipe

_CARD = """\
---
license: apache-2.0
language:
- vi
- en
- bdq
- jra
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags:
- sentence-transformers
- sentence-similarity
- static-embedding
---

# Nhà Rông encoder

Turns a question to a commune's public-service centre, or an answer given there, into a vector of
{dimension} numbers whose direction is its meaning. A static embedding: the mean of the vectors of
its tokens. Trained from nothing but this project's own text; made for this project's questions and
no good for anything else. It knows Vietnamese with and without diacritics, some English, and the
few attested Bahnar and Jrai words of the glossaries.

## How to use it

Served without torch by `bot/components/text/encoder.py`, or with sentence-transformers:

```python
from sentence_transformers import SentenceTransformer

model = SentenceTransformer("bot/encoding/model")
```

Texts are lower-cased and chat shorthand is written out first
(`bot.encoding.pairs.read_as`).

## Data

Pairs of texts that mean nearly the same, made of the files of this repository (Apache-2.0; where
they come from: `nlu_data/*/ORIGIN.md`, `knowledge_base/sources.yml`):

| pairs | number | one text | the other |
|---|---|---|---|
| `questions` | {questions} | a training utterance | what it asks, as the knowledge base words it |
| `spellings` | {spellings} | an utterance | how somebody else would spell it |
| `answers` | {answers} | an answer | what somebody else says who chooses the same |
| `procedures` | {procedures} | any text of a procedure | its title |
| `translations` | {translations} | a Vietnamese text | its translation, drafts among them |

## Training

Multiple negatives ranking loss; {epochs} epochs, batches of {batch}, greatest learning rate
{rate}, seed {seed}; tokens: a Unigram vocabulary of {tokens}. Mean loss: {loss:.3f}. Again:

```sh
rong train-encoder
```

It needs the extra `encoder` of `pyproject.toml` (sentence-transformers and a CPU build of torch)
and about three minutes. `rong train` afterwards makes the Rasa model use it.

## Figures

On the held-out questions of `tests/nlu/held_out`, which no training saw: of the {asked} that name a
procedure, the nearest of all {labels} combinations of topic and procedure, as the knowledge base
words them, is the right one for {first:.1%}, and among the nearest three for {three:.1%}. The
nearest known utterances alone give topic and procedure both right for {voted:.1%}. What it adds
to the other models: `docs/understanding.md`.

## Limits

It knows words, not their order. It has never seen a real citizen's message; the second-language
and recogniser styles were imagined. No speaker of Bahnar or Jrai has looked at it.
"""


def card(
    recipe: Recipe,
    pairs: Mapping[str, Sequence[Pair]],
    tokens: int,
    loss: float,
    figures: Figures,
) -> str:
    """The card's text."""
    counts = {name: f"{len(rows):,}" for name, rows in pairs.items()}
    said = {**asdict(recipe), **counts, **asdict(figures), "tokens": f"{tokens:,}", "loss": loss}
    return _CARD.format(**said)
