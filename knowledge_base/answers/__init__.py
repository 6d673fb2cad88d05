"""Reading an answer in the words people use: dates, yes or no, and choices.

    interpret(question, "dạ mới đẻ hôm qua", today=..., words=load_words(Path("nlu_data")))

A choice's `words` may name a word set of `nlu_data/<language>/answers.yml` (`@home`), or
`@yes`, `@no` and `@unknown` for everything people say for these.
"""

from knowledge_base.answers.messages import interpret
from knowledge_base.answers.reading import (
    Ambiguous,
    Askable,
    Choosable,
    NotAnAnswer,
    Reading,
    Rejected,
    Understood,
    Unknown,
    Vague,
)
from knowledge_base.answers.words import AnswerWords, load_words

__all__ = [
    "Ambiguous",
    "AnswerWords",
    "Askable",
    "Choosable",
    "NotAnAnswer",
    "Reading",
    "Rejected",
    "Understood",
    "Unknown",
    "Vague",
    "interpret",
    "load_words",
]
