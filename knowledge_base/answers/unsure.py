"""Not knowing, put together from its words: `không ai nhớ`, `đâu có rành`, `để em hỏi lại`."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from knowledge_base.answers.lexicon import Item, Utterance

REACH = 4
"""How many words after a *not* it still denies knowing: `không có ai trong nhà nhớ`."""
RHETORICAL = 2
"""How many words after a word that asks it does so: `ai mà nhớ`, `sao tui biết`."""


def is_unsure(
    said: Utterance,
    row: Sequence[Item],
    topic: AbstractSet[str],
    *,
    denied: bool,
    asked: int | None,
    framed: bool,
) -> bool:
    """Whether a clause says that one does not know, or has to ask first.

    `denied` if its end denies it (`có biết đâu`); `asked` where it asks, if it is a question
    (`sao phải hỏi`), `framed` if that is a `có … không`, in which `ai` means anyone. Knowing that
    the question itself is about (`topic`) does not count: `không ai biết` answers whether anyone
    knows.
    """
    if any("unknown" in item.kinds for item in row):
        return True
    put_off = asks_first(row)
    if put_off is not None and (asked is None or asked > put_off):
        return True
    for place, item in enumerate(row):
        if said.tokens[item.first].bare in topic:
            continue
        earlier = row[:place]
        if "know" in item.kinds:
            asks_back = not framed and _near(earlier, item, "rhetorical", RHETORICAL)
            if denied or asks_back or _near(earlier, item, "no", REACH):
                return True
        if asked is None and "defer" in item.kinds and denied:
            return True
        told = asked is None and "told" in item.kinds
        if told and (denied or _near(earlier, item, "no", REACH)):
            return True
    return False


def asks_first(row: Sequence[Item]) -> int | None:
    """Where it is said that one will ask or look first (`để con hỏi bà ngoại`): the last word of
    it. Who or what comes after is asked, and no answer."""
    for place, item in enumerate(row):
        if "asks_first" in item.kinds:
            return item.last
        if "defer" in item.kinds and _near(row[:place], item, "let", REACH):
            return item.last
    return None


def _near(earlier: Sequence[Item], item: Item, kind: str, reach: int) -> bool:
    return any(kind in other.kinds and item.first - other.last <= reach for other in earlier)
