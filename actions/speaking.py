"""How the bot speaks: the language, the speed, saying something again."""

from __future__ import annotations

from actions.base import GuideAction, Turn
from actions.offers import language_choice, menu
from knowledge_base.languages import load_languages
from knowledge_base.say import Say


class ChangeLanguage(GuideAction):
    """Offers the languages."""

    action_name = "action_change_language"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        turn.say(language_choice())


class SetLanguage(GuideAction):
    """Uses the language that was tapped; what was being asked is asked again in it."""

    action_name = "action_set_language"

    def act(self, turn: Turn) -> None:
        code, languages = turn.entity("language") or "", load_languages()
        if code not in languages.offered():
            turn.say(Say("bot.language_unknown"), language_choice())
            turn.stay()
            return
        turn.set(language=code, language_chosen="yes")
        if code != languages.source:
            turn.say(Say("bot.language_set", {"language": {"language": code}}))
        if turn.journey() is None:
            turn.say(menu(turn))


class Slower(GuideAction):
    """Speaks slower from now on, or at the usual speed again."""

    action_name = "action_slower"

    def act(self, turn: Turn) -> None:
        slow = not turn.get("slow")
        turn.set(slow=slow)
        turn.say(Say("bot.slower" if slow else "bot.faster"))
