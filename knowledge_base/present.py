"""What is said at each stop of a journey: message ids with parameters, choices and sources.

No words here: `bot.render` words them. A thing no good source supports is said as
"ask the clerk about …"; a text whose placeholder has no value today is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from knowledge_base.derived import days
from knowledge_base.elsewhere import OWNER as ELSEWHERE
from knowledge_base.guide import AFTER, END, HANDOVER, OUTCOME, PAPERS, STEP, Journey
from knowledge_base.load import AskedQuestion, KnowledgeBase, named
from knowledge_base.messages import PLACEHOLDER
from knowledge_base.say import Choice, Param, Say
from knowledge_base.schema import Paper, Route, Sourced, Step, Trouble, holding

NEXT = Choice("bot.choice.next", "act:next")
TROUBLE = Choice("bot.choice.trouble", "act:trouble")
COUNTER_CODE = Choice("bot.choice.counter_code", "act:counter_code", picture="clerk")
LINK = Choice("bot.choice.link", "act:link", picture="phone")
PICK_DATE = Choice("bot.choice.pick_date", "act:pick_date")
"""Tells a page that it may show a calendar; a page never sends it."""

NO_PARAMS: Mapping[str, Param] = {}
OUTCOME_TOPICS = ("fee", "duration", "deadline", "where")
STEP_PICTURES = {"tap": "choose", "type": "pen", "photograph": "camera"}
"""What one does in a step → its picture."""
HANDLINGS = ("submit", "present", "not_needed")


def present(journey: Journey, stop: str) -> list[Say]:
    """The messages of a stop, the last one with the choices that lead on."""
    if stop == OUTCOME:
        return [_outcome(journey)]
    if stop == PAPERS:
        return list(papers(journey))
    if stop.startswith(STEP):
        return [_step(journey, stop.removeprefix(STEP))]
    if stop == AFTER:
        items = _items(journey, ((f"after.{a.id}", a) for a in journey.after()))
        return [Say("bot.after_intro", items=items, choices=(NEXT,), picture="clock")]
    if stop == END:
        return [
            Say(
                "bot.end",
                choices=(Choice("bot.choice.topics", "act:topics"), LINK),
                picture="check",
            )
        ]
    if stop == HANDOVER:
        return handover(journey)
    asked = journey.question(stop)
    return [ask(asked, journey)] if asked else []


def ask(asked: AskedQuestion, journey: Journey, wording: str = "") -> Say:
    """A question with its choices; `wording` is `.reask` for the other words."""
    choices = question_choices(asked, journey.params)
    if asked.question.kind == "date":
        choices = (*choices, PICK_DATE)
    return Say(
        asked.message + wording,
        params=journey.params,
        choices=choices,
        picture=asked.question.picture,
    )


def question_choices(
    asked: AskedQuestion, params: Mapping[str, Param] = NO_PARAMS
) -> tuple[Choice, ...]:
    """The answers a question offers; yes and no where it names none of its own."""
    own = tuple(
        Choice(choice_message(asked, c.value), f"answer:{c.value}", params, c.picture)
        for c in asked.question.choices
    )
    if asked.question.kind != "yes_no" or {"answer:yes", "answer:no"} <= {c.value for c in own}:
        return own
    yes = Choice("bot.choice.yes", "answer:yes", picture="check")
    no = Choice("bot.choice.no", "answer:no", picture="cross")
    return (yes, no, *own)


def choice_message(asked: AskedQuestion, value: str) -> str:
    """Message id of a choice's label."""
    if any(choice.value == value for choice in asked.question.choices):
        return f"{asked.message}.choice.{value}"
    return f"bot.choice.{value}"


def answer_param(asked: AskedQuestion, value: str, params: Mapping[str, Param]) -> Param:
    """An answer as a parameter: its label, or the date."""
    if asked.question.kind == "date" and days(value):
        return {"date": value}
    return {"say": choice_message(asked, value), "with": params}


def case(journey: Journey) -> tuple[Say, ...]:
    """The questions answered so far with their answers, for reading back and for the clerk."""
    return tuple(
        Say(
            "bot.handover_item",
            {
                "question": {"say": asked.message, "with": journey.params},
                "answer": answer_param(asked, journey.situation.answers[asked.id], journey.params),
            },
            personal=True,
        )
        for asked in journey.asked
    )


def handover(journey: Journey) -> list[Say]:
    """To a person, kindly, with the reason if a route led here and the case so far."""
    reason: tuple[Say, ...] = ()
    if journey.handover:
        reason = (_why(journey, *journey.handover),)
    says = [Say("bot.handover", items=reason, picture="clerk")]
    lines = case(journey)
    if lines:
        says.append(Say("bot.handover_case", items=lines, personal=True))
    back = Choice("bot.choice.back", "act:back")
    restart = Choice("bot.choice.restart", "act:restart")
    return [*says[:-1], replace(says[-1], choices=(COUNTER_CODE, back, restart))]


def answers_about(journey: Journey, topic: str) -> tuple[Say, ...]:
    """What is known about a topic for this family; empty where nothing is written."""
    says = _items(journey, ((f"answer.{a.id}", a) for a in journey.about(topic)))
    return tuple(replace(say, picture=say.picture or f"topic:{topic}") for say in says)


def whys(journey: Journey) -> tuple[Say, ...]:
    """Why it is this procedure, or a clerk."""
    if not journey.routes:
        return (Say(f"{journey.procedure.id}.why_this", journey.params),)
    return tuple(_why(journey, owner, route) for owner, route in journey.routes)


def to_confirm(journey: Journey) -> tuple[Say, ...]:
    """What is said besides where nobody has looked the procedure through in time."""
    overdue = journey.knowledge.overdue(journey.procedure, journey.situation.on)
    return (Say("bot.ask_clerk_to_confirm", picture="clerk"),) if overdue else ()


def papers(journey: Journey) -> Iterator[Say]:
    """The checklist, one message for each way a paper is handled."""
    groups = [(h, [p for p in journey.papers() if p.handling == h]) for h in HANDLINGS]
    groups = [(handling, group) for handling, group in groups if group]
    for number, (handling, group) in enumerate(groups, 1):
        items = tuple(paper_say(journey, paper) for paper in group)
        choices = (NEXT,) if number == len(groups) else ()
        title: dict[str, Param] = {"procedure": {"say": f"{journey.procedure.id}.title"}}
        yield Say(f"bot.papers_{handling}", title, items, choices, picture="paper")
    if not groups:
        yield Say("bot.papers_none", choices=(NEXT,), picture="clerk")


def troubles(journey: Journey, step_id: str) -> list[Say]:
    """What goes wrong at a step and what to do."""
    step = next((s for s in journey.steps() if s.id == step_id), None)
    held = holding(step.trouble, journey.situation.on) if step else ()
    rows = [t for t in held if journey.situation.holds(t.when) is not False]
    if not rows:
        clerk = Choice("bot.choice.clerk", "act:clerk", picture="clerk")
        return [Say("bot.trouble_none", choices=(NEXT, clerk))]
    items = tuple(_trouble(journey, step_id, row) for row in rows)
    return [Say("bot.trouble_intro", items=items, choices=(NEXT,), picture="warning")]


def sayable(journey: Journey, message: str) -> bool:
    """Whether every placeholder of the text has a value for this family today."""
    return set(PLACEHOLDER.findall(journey.knowledge.texts[message])) <= journey.params.keys()


def told_elsewhere(knowledge: KnowledgeBase, need_id: str, day: date) -> tuple[Say, ...]:
    """Where to go on `day` with a need that is met elsewhere; what nobody knows is left to the
    clerk. Raises `UnknownId` with the nearest id."""
    need = named(knowledge.needs, need_id, "need")
    name = f"{ELSEWHERE}.{need_id}"
    says = []
    for told in holding(need.told, day):
        message = f"{name}.{told.id}"
        if knowledge.shows(told):
            says.append(_stated(knowledge, Say(message), told))
        elif told.about:
            says.append(_clerk(message))
    if not says:
        return (Say("bot.ask_clerk_about", {"about": {"say": name}}, picture="clerk"),)
    if knowledge.elsewhere and knowledge.overdue(knowledge.elsewhere, day):
        says.append(Say("bot.ask_clerk_to_confirm", picture="clerk"))
    return tuple(says)


def _outcome(journey: Journey) -> Say:
    procedure = journey.procedure
    facts = [say for topic in OUTCOME_TOPICS for say in answers_about(journey, topic)]
    title: dict[str, Param] = {"procedure": {"say": f"{procedure.id}.title"}}
    return Say(
        "bot.outcome",
        title,
        (*whys(journey), *facts, *to_confirm(journey)),
        (NEXT,),
        procedure.picture or "paper",
        personal=True,
    )


def _why(journey: Journey, owner: str, route: Route) -> Say:
    """Why a route was taken; what no good source supports is left to the clerk."""
    message = f"{owner}.route.{route.id}"
    if route.about and not journey.knowledge.shows(route):
        return _clerk(message)
    return _stated(journey.knowledge, Say(message, journey.params), route)


def _step(journey: Journey, step_id: str) -> Say:
    steps = journey.steps()
    number = next(i for i, step in enumerate(steps, 1) if step.id == step_id)
    step = steps[number - 1]
    name = f"{journey.procedure.id}.step.{step_id}"
    place = Say("bot.step_of", {"number": number, "count": len(steps)})
    choices = (NEXT, TROUBLE) if step.trouble else (NEXT,)
    if not journey.knowledge.shows(step):
        return Say(name, items=(place, _clerk(name)), choices=choices, picture=step.picture)
    does = [
        Say(
            f"bot.step_{kind}",
            {"what": {"say": f"{name}.{kind}.{n}", "with": journey.params}},
            picture=picture,
        )
        for kind, picture in STEP_PICTURES.items()
        for n in range(len(getattr(step, kind)))
    ]
    photos = _photographs(journey, step)
    text = Say(f"{name}.text", journey.params)
    says = Say(name, journey.params, (place, text, *does, *photos), choices, step.picture)
    return _stated(journey.knowledge, says, step)


def _photographs(journey: Journey, step: Step) -> list[Say]:
    """The family's own papers to photograph, listed at the step that attaches them."""
    if not step.attaches:
        return []
    return [
        Say(
            "bot.step_photograph",
            {"what": {"say": f"{journey.procedure.id}.paper.{paper.id}"}},
            picture=paper.picture or STEP_PICTURES["photograph"],
        )
        for paper in journey.papers()
        if paper.photograph and journey.knowledge.shows(paper)
    ]


def paper_say(journey: Journey, paper: Paper) -> Say:
    """One paper, or what to ask a clerk about it."""
    name = f"{journey.procedure.id}.paper.{paper.id}"
    if not journey.knowledge.shows(paper):
        return _clerk(name)
    detail = [Say(f"{name}.detail", journey.params)] if paper.detail else []
    return _stated(
        journey.knowledge, Say(name, journey.params, tuple(detail), picture=paper.picture), paper
    )


def _trouble(journey: Journey, step_id: str, trouble: Trouble) -> Say:
    name = f"{journey.procedure.id}.step.{step_id}.trouble.{trouble.id}"
    if not journey.knowledge.shows(trouble):
        return _clerk(name)
    remedy = Say(f"{name}.remedy", journey.params)
    return _stated(journey.knowledge, Say(f"{name}.wrong", journey.params, (remedy,)), trouble)


def _items(journey: Journey, rows: Iterable[tuple[str, Sourced]]) -> tuple[Say, ...]:
    says = []
    for name, row in rows:
        message = f"{journey.procedure.id}.{name}"
        if journey.knowledge.shows(row) and sayable(journey, message):
            says.append(_stated(journey.knowledge, Say(message, journey.params), row))
        elif row.about:
            says.append(_clerk(message))
    return tuple(says)


def _stated(knowledge: KnowledgeBase, say: Say, item: Sourced) -> Say:
    """`say` with who stands for it."""
    day = knowledge.confirmed_on(item)
    return replace(say, sources=item.source, confirmed=day.isoformat() if day else None)


def _clerk(message: str) -> Say:
    return Say("bot.ask_clerk_about", {"about": {"say": f"{message}.about"}}, picture="clerk")
