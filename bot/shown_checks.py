"""What people would miss on the screen: pictures that are not there, texts not translated yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from knowledge_base.catalogs import Status
from knowledge_base.coverage import coverage
from knowledge_base.errors import Problem
from knowledge_base.items import places
from knowledge_base.languages import Languages
from knowledge_base.load import KnowledgeBase
from knowledge_base.messages import messages
from knowledge_base.schema import Procedure, Question
from knowledge_base.yaml_lines import Location, load_yaml

ICONS = "bot/web/static/icons"


def pictures(project: Path, knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Pictures that no file draws, and answers of a choice that have none (a warning)."""
    also = load_yaml(project / "bot" / "web" / "icons.yml").data["also"]
    drawn = {path.stem for path in (project / ICONS).glob("*.svg")}
    for procedure in knowledge.procedures.values():
        document = knowledge.documents[procedure.id]
        for location, picture in _pictures(procedure):
            if picture is None:
                told = "this answer has no picture for those who don't read"
                yield document.problem(location, told, warning=True)
            elif also.get(picture, picture) not in drawn:
                told = f"'{picture}' is not a picture of {ICONS}; see bot/web/icons.yml"
                yield document.problem(location, told)


def _pictures(procedure: Procedure) -> Iterator[tuple[Location, str | None]]:
    """Where a picture is or should be named, and its name."""
    if procedure.picture:
        yield ("picture",), procedure.picture
    for place in places(procedure):
        named = getattr(place.item, "picture", None)
        if named:
            yield (*place.location, "picture"), named
        if isinstance(place.item, Question) and place.item.kind == "choice":
            for index, choice in enumerate(place.item.choices):
                yield (*place.location, "choices", index), choice.picture


def translations(
    project: Path, knowledge: KnowledgeBase, languages: Languages
) -> Iterator[Problem]:
    """How much each language offered to people lacks (a warning)."""
    locales = project / "knowledge_base" / "locales"
    table = coverage(messages(knowledge), languages, locales)
    for code in languages.offered():
        counts = table[code].values()
        lacking = sum(count[Status.UNTRANSLATED] + count[Status.STALE] for count in counts)
        total = sum(sum(count.values()) for count in counts)
        if lacking:
            told = f"{lacking} of {total} texts are shown in Vietnamese; see `rong languages`"
            yield Problem(f"knowledge_base/locales/{code}", 1, told, warning=True)
