"""Messages that offer a choice, shared by several actions."""

from __future__ import annotations

from dataclasses import replace

from actions.base import Turn
from actions.noticing import language_button
from knowledge_base.guide import Journey
from knowledge_base.languages import load_languages
from knowledge_base.present import answers_about, ask, papers, present, to_confirm
from knowledge_base.say import Choice, Param, Say
from knowledge_base.schema import TOPICS

CLERK = Choice("bot.choice.clerk", "act:clerk", picture="clerk")
CONTINUE = Choice("bot.choice.continue", "act:repeat", picture="next")
MISSES_BEFORE_CLERK = 2
MOST_TOPICS = 4
MOST_CHOICES = 4


def menu(turn: Turn, say: str = "bot.what_do_you_need", theme: str | None = None) -> Say:
    """What people can begin, as choices; by theme where there is too much for one screen."""
    entries = turn.knowledge.entries(turn.surroundings.today())
    if theme:
        entries = tuple(p for p in entries if p.theme == theme)
    elif len(entries) > MOST_CHOICES:
        themes = dict.fromkeys(p.theme for p in entries if p.theme)
        shown = [name for name in turn.knowledge.themes if name in themes]
        choices = tuple(Choice(f"theme.{name}", f"theme:{name}") for name in shown)
        return Say(say, choices=choices, picture="question")
    choices = tuple(start_choice(turn, p.id) for p in entries)
    return Say(say, choices=choices, picture="question")


def start_choice(turn: Turn, procedure_id: str) -> Choice:
    """The button that begins a procedure."""
    procedure = turn.knowledge.procedure(procedure_id)
    return Choice(f"{procedure_id}.short", f"start:{procedure_id}", picture=procedure.picture)


def language_choice() -> Say:
    """The languages people can choose, each by its own name."""
    choices = tuple(language_button(code) for code in load_languages().offered())
    return Say("bot.choose_language", choices=choices, picture="language")


def topic_choices(about: Journey, answered: str = "") -> tuple[Choice, ...]:
    """The next useful things to ask: topics something is written about."""
    useful = (
        topic
        for topic in TOPICS
        if topic not in (answered, "start")
        and (topic in ("documents", "steps") or about.about(topic))
    )
    choices = (Choice(f"topic.{topic}", f"topic:{topic}") for topic in useful)
    return tuple(choice for choice, _ in zip(choices, range(MOST_TOPICS), strict=False))


def topic_says(about: Journey, topic: str) -> list[Say]:
    """What is said about a topic: papers and steps from their lists, the rest from answers."""
    title = titled(about)
    if topic == "documents":
        return [*(replace(say, choices=()) for say in papers(about)), *to_confirm(about)]
    if topic == "steps":
        name = f"{about.procedure.id}.step"
        items = tuple(Say(f"{name}.{step.id}", about.params) for step in about.steps())
        return [Say("bot.steps_overview", title, items, picture="portal"), *to_confirm(about)]
    found = answers_about(about, topic)
    if not found:
        return [Say("bot.topic_unknown", picture="clerk")]
    title = {"topic": {"say": f"topic.{topic}"}, **title}
    return [Say("bot.topic_answer", title, (*found, *to_confirm(about)))]


def offer_to_begin(turn: Turn, about: Journey, answered: str) -> None:
    """After an answer about a procedure that is not under way: begin it, or ask more about it."""
    turn.set(about=about.entry, asked_topic=None)
    choices = (start_choice(turn, about.entry), *topic_choices(about, answered))
    turn.say(Say("bot.ready_to_start", choices=choices))


def pending(turn: Turn, first: str | None = None) -> None:
    """A message, then the stop the family is at again, or the menu."""
    under_way, stop = turn.journey(), turn.stop
    if first:
        turn.say(Say(first))
    if under_way and stop and stop in under_way.stops():
        turn.say(*present(under_way, stop))
    else:
        turn.say(menu(turn))


def missed(turn: Turn) -> None:
    """Count an answer that did not help; the question is asked in other words."""
    misses = int(turn.get("misses") or 0) + 1
    turn.set(misses=misses, reask=True)
    if misses >= MISSES_BEFORE_CLERK:
        turn.say(Say("bot.offer_clerk", choices=(CLERK,)))


def not_understood(turn: Turn, first: str = "bot.not_understood") -> None:
    """Ask again in other words; the second time in a row a person is offered as well."""
    misses = int(turn.get("misses") or 0) + 1
    turn.set(misses=misses)
    again = misses >= MISSES_BEFORE_CLERK
    turn.say(Say("bot.not_understood_again" if again else first))
    under_way = turn.journey()
    asked = under_way.question(turn.stop or "") if under_way else None
    if under_way and asked:
        offered = ask(asked, under_way, ".reask")
    elif under_way:
        offered = Say("bot.pending_step", choices=(CONTINUE, CLERK))
    else:
        offered = menu(turn)
    if again and CLERK not in offered.choices:
        offered = replace(offered, choices=(*offered.choices, CLERK))
    turn.say(offered)


def titled(under_way: Journey) -> dict[str, Param]:
    """The procedure's title as the parameter `procedure`."""
    return {"procedure": {"say": f"{under_way.procedure.id}.title"}}
