"""Where everything of a flow stands: questions from top to bottom, their answers beside them, and
beside each answer what it leads to. Columns and rows, so nothing can cross or overlap."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.documents.flow import Asked, Flow, Lead

SIZE = 15
"""Height of letters, in the diagram's units."""
LINE = 20
PAD_X, PAD_Y = 12, 9
GAP, ROW_GAP = 10, 30
MARGIN = 20
COLUMNS = {"question": (MARGIN, 310), "answer": (400, 230), "lead": (700, 360)}
"""Left edge and width of each column."""
WIDTH = COLUMNS["lead"][0] + COLUMNS["lead"][1] + MARGIN
NARROW, WIDE = "iljtfrI1.,:;'|!()[]- ", "mwMWQO@%"

Shape = Literal["start", "question", "answer", "clerk", "procedure", "paper", "ask", "outcome"]


@dataclass(frozen=True)
class Box:
    """A node: its place, its lines of text; the first `strong` of them are bold."""

    shape: Shape
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]
    strong: int = 0
    to: str | None = None

    def overlaps(self, other: Box) -> bool:
        """Whether the two share any area."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True)
class Arrow:
    """A line through these points; its last point has the arrow's head."""

    points: tuple[tuple[int, int], ...]


@dataclass
class Layout:
    """Everything placed. `notes` are lines of small text beneath."""

    width: int = WIDTH
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    notes: tuple[str, ...] = ()


def text_width(text: str, bold: bool = False) -> float:
    """Width of a text in the diagram's units, rather too wide than too narrow."""
    width = 0.0
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter):
            continue
        if letter in NARROW:
            width += 0.36
        elif letter in WIDE:
            width += 0.95
        else:
            width += 0.72 if letter.isupper() else 0.61
    return width * SIZE * (1.06 if bold else 1.0)


def wrapped(text: str, width: float, bold: bool = False) -> Iterator[str]:
    """Lines of `text` no wider than `width`, broken between words."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and text_width(longer, bold) > width:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def layout(flow: Flow) -> Layout:
    """Place a flow."""
    return _Placer().place(flow)


class _Placer:
    def __init__(self) -> None:
        self.out = Layout()
        self.y = MARGIN

    def place(self, flow: Flow) -> Layout:
        above = self.add("start", "question", self.y, flow.start, None)
        for asked in flow.questions:
            self.y = self._below() + ROW_GAP
            above = self._question(asked, above)
        self.y = self._below() + ROW_GAP
        outcome = self.add("outcome", "question", self.y, flow.outcome, None)
        self._down(above, outcome)
        if flow.leads:
            everybody = self.add("answer", "answer", self.y, flow.everybody, None)
            self._across(outcome, everybody)
            self._leads(everybody, flow.leads)
        self.out.height = self._below() + MARGIN
        if flow.draft:
            self.out.notes = (f"* {flow.draft}",)
            self.out.height += LINE
        return self.out

    def add(
        self,
        shape: Shape,
        column: str,
        y: int,
        text: str,
        more: str | None,
        to: str | None = None,
    ) -> Box:
        """A box as high as its text; what is said first is bold unless it is an answer."""
        x, width = COLUMNS[column]
        bold = shape not in ("answer", "paper", "ask")
        first = list(wrapped(text, width - 2 * PAD_X, bold))
        rest = list(wrapped(more, width - 2 * PAD_X)) if more else []
        height = 2 * PAD_Y + LINE * (len(first) + len(rest))
        strong = len(first) if bold else 0
        box = Box(shape, x, y, width, height, (*first, *rest), strong, to)
        self.out.boxes.append(box)
        return box

    def _question(self, asked: Asked, above: Box) -> Box:
        question = self.add("question", "question", self.y, asked.text, asked.only_if)
        self._down(above, question)
        y = self.y
        for answer in asked.answers:
            box = self.add("answer", "answer", y, answer.text, None)
            self._across(question, box)
            y = max(box.y + box.height, self._leads(box, answer.leads)) + GAP
        return question

    def _leads(self, answer: Box, leads: Sequence[Lead]) -> int:
        """Place what an answer leads to; where it ends."""
        y = answer.y
        for lead in leads:
            box = self.add(lead.kind, "lead", y, lead.text, lead.also, lead.to)
            self._across(answer, box)
            y = box.y + box.height + GAP
        return y - GAP

    def _down(self, upper: Box, lower: Box) -> None:
        x = upper.x + upper.width // 2
        self.out.arrows.append(Arrow(((x, upper.y + upper.height), (x, lower.y))))

    def _across(self, left: Box, right: Box) -> None:
        """From the side of one box to the side of the next, through the gap between columns."""
        start, end = left.x + left.width, right.x
        y0 = left.y + LINE // 2 + PAD_Y
        y1 = right.y + LINE // 2 + PAD_Y
        middle = (start + end) // 2
        points = ((start, y0), (middle, y0), (middle, y1), (end, y1))
        self.out.arrows.append(Arrow(points if y0 != y1 else ((start, y0), (end, y1))))

    def _below(self) -> int:
        return max(box.y + box.height for box in self.out.boxes)
