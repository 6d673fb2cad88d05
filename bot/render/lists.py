"""A message and the list under it, as words and as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.render.wording import Worded, Wording
from knowledge_base.say import Say

BULLET = "• "
INDENT = "  "


@dataclass(frozen=True)
class Node:
    """A worded message with the worded items under it."""

    say: Say
    worded: Worded
    items: tuple[Node, ...]
    bulleted: bool
    """Whether the items are a list: the Vietnamese text above them ends with a colon. Otherwise
    they are further lines of the same message."""

    @property
    def draft(self) -> bool:
        return self.worded.draft or any(item.draft for item in self.items)

    def walk(self) -> Iterator[Node]:
        """This node and everything below it."""
        yield self
        for item in self.items:
            yield from item.walk()


def vietnamese_tree(wording: Wording, say: Say) -> Node:
    """The message in the source language."""
    items = tuple(vietnamese_tree(wording, item) for item in say.items)
    worded = wording.vietnamese(say.say, say.params)
    return Node(say, worded, items, worded.text.endswith(":"))


def translated_tree(wording: Wording, language: str, original: Node) -> Node | None:
    """The message in `language`; None where any part of it can't be shown in it, because a
    message half in one language and half in another helps nobody."""
    worded = wording.translated(language, original.say.say, original.say.params)
    if worded is None:
        return None
    items = []
    for item in original.items:
        node = translated_tree(wording, language, item)
        if node is None:
            return None
        items.append(node)
    return Node(original.say, worded, tuple(items), original.bulleted)


def plain(node: Node) -> str:
    """The message and its list as plain text, a line an item."""
    return "\n".join((node.worded.text, *_lines(node, "")))


def _lines(node: Node, indent: str) -> Iterator[str]:
    mark = BULLET if node.bulleted else ""
    for item in node.items:
        yield indent + mark + item.worded.text
        yield from _lines(item, indent + (INDENT if mark else ""))


def numbered(labels: Sequence[str]) -> str:
    """Choices for a channel that has no buttons for them; the number is the answer."""
    return "\n".join(f"{number}. {label}" for number, label in enumerate(labels, 1))
