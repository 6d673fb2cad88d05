"""What is noticed about a message whatever it asks: that it is in another language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge_base.languages import load_languages
from knowledge_base.say import Choice, Say

if TYPE_CHECKING:
    from actions.base import Turn


def language_offer(turn: Turn) -> Say | None:
    """An offer to go on in the language the message seems to be in, made once for a language;
    None where there is nothing to offer. Nothing is switched by itself."""
    seen = turn.tracker.latest_message.get("languages") or []
    offered_before = turn.get("languages_offered") or []
    current = turn.get("language")
    if current in seen or turn.intent in ("change_language", "set_language"):
        return None
    new = [code for code in seen if code not in offered_before]
    # The languages are read from their file, so only where it may matter.
    new = [code for code in new if code in load_languages().offered()] if new else []
    if not new:
        return None
    turn.set(languages_offered=[*offered_before, *new])
    choices = tuple(language_button(code) for code in new)
    if len(new) == 1:
        language = {"language": {"language": new[0]}}
        return Say("bot.language_offer", language, choices=choices, picture="language")
    return Say("bot.choose_language", choices=choices, picture="language")


def language_button(code: str) -> Choice:
    """The button that switches to a language, with its own name on it."""
    return Choice("bot.language_name", f"language:{code}", {"name": {"language": code}})
