"""Sources: that everything stated has one, good enough to be shown, and that each is used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge_base.errors import Problem, UnknownId
from knowledge_base.items import sourced
from knowledge_base.load import KnowledgeBase, named
from knowledge_base.schema import CLERK, SHOWABLE, Question, Sourced

FILE = "knowledge_base/sources.yml"


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """Unknown and missing sources, missing `about`, and sources nothing uses."""
    for name, written in knowledge.written.items():
        document = knowledge.documents[name]
        for place, item in sourced(written):
            for source in item.source:
                try:
                    named(knowledge.sources, source, "source of sources.yml")
                except UnknownId as error:
                    yield document.problem((*place.location, "source"), str(error))
            told = _fault(knowledge, item)
            if told:
                yield document.problem(place.location, told)
    for name in sorted(knowledge.sources.keys() - _used(knowledge)):
        yield Problem(FILE, 1, f"'{name}' is used by nothing; remove it")
    for name, one in knowledge.sources.items():
        if one.grade in SHOWABLE and one.dated is None and not one.note:
            told = f"'{name}' has no date; write 'dated', or in 'note' why it is not known"
            yield Problem(FILE, 1, told, warning=True)


def _fault(knowledge: KnowledgeBase, item: Sourced) -> str | None:
    handover = getattr(item, "to", None) == CLERK
    if not item.source:  # a handover's kind words alone need no source
        return None if handover else "has no source; name one of sources.yml"
    known = [knowledge.sources[name] for name in item.source if name in knowledge.sources]
    shown = any(source.grade in SHOWABLE for source in known)
    claims = not handover or any(source.grade == "C" for source in known)
    if claims and not shown and not item.about:
        return "no source of grade A or B: write 'about', what to ask a clerk"
    return None


def _used(knowledge: KnowledgeBase) -> set[str]:
    used = {name for _, _, value in knowledge.office.values() for name in value.source}
    for written in knowledge.written.values():
        used |= {name for _, item in sourced(written) for name in item.source}
    for procedure in knowledge.procedures.values():
        for question in procedure.questions:
            if isinstance(question, Question):
                used |= set(question.source)
    return used
