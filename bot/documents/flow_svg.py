"""A flow diagram as SVG: text as text, told apart by shape, readable in black and white."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape, quoteattr

from bot import web
from bot.documents.flow import Flow
from bot.documents.flow_layout import LINE, MARGIN, PAD_X, PAD_Y, SIZE, Arrow, Box, layout

INK, PAPER, SHADE = "#1c1c1c", "#ffffff", "#ececec"
FONT = "Noto Sans, Noto Sans Khmer, sans-serif"
WEIGHTS = (400, 700)
FOLD = 12

LinkTo = Callable[[str], str]
"""Procedure id → address of its page."""


def svg(flow: Flow, link: LinkTo | None = None, font: bool = False) -> str:
    """The diagram. `font` packs our font into it, for a file that stands alone; `link` makes
    procedures links. Within a page neither styles nor scripts are needed."""
    placed = layout(flow)
    width, height = placed.width, placed.height
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="graphics-document" '
        f'aria-labelledby="flow-title" aria-describedby="flow-description" '
        f'font-family="{FONT}" font-size="{SIZE}" fill="{INK}">',
        f'<title id="flow-title">{escape(flow.title)}</title>',
        f'<desc id="flow-description">{escape(flow.description)}</desc>',
        *(_fonts() if font else ()),
        f'<defs><marker id="flow-head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
        f'markerHeight="8" orient="auto"><path d="M0 0 10 5 0 10z" fill="{INK}"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        *map(_arrow, placed.arrows),
        *(_node(box, link) for box in placed.boxes),
    ]
    for number, note in enumerate(placed.notes, 1):
        y = height - MARGIN - LINE * (len(placed.notes) - number)
        parts.append(f'<text x="{MARGIN}" y="{y}" font-size="{SIZE - 2}">{escape(note)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _fonts() -> Iterator[str]:
    rules = []
    for weight in WEIGHTS:
        data = (web.STATIC / "fonts" / f"noto-sans-{weight}.woff2").read_bytes()
        packed = base64.b64encode(data).decode("ascii")
        rules.append(
            f'@font-face{{font-family:"Noto Sans";font-weight:{weight};'
            f"src:url(data:font/woff2;base64,{packed})}}"
        )
    yield f"<style>{''.join(rules)}</style>"


def _arrow(arrow: Arrow) -> str:
    points = " ".join(f"{x},{y}" for x, y in arrow.points)
    return (
        f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="1.5" '
        f'marker-end="url(#flow-head)"/>'
    )


def _node(box: Box, link: LinkTo | None) -> str:
    lines = []
    for number, line in enumerate(box.lines):
        y = box.y + PAD_Y + LINE * (number + 1) - 5
        ink = PAPER if box.shape == "start" else INK
        weight = ' font-weight="700"' if number < box.strong else ""
        lines.append(
            f'<text x="{box.x + PAD_X}" y="{y}" fill="{ink}"{weight}>{escape(line)}</text>'
        )
    group = f'<g data-shape="{box.shape}">{_shape(box)}{"".join(lines)}</g>'
    return f"<a href={quoteattr(link(box.to))}>{group}</a>" if link and box.to else group


def _shape(box: Box) -> str:
    """Each kind of node has an outline of its own."""
    x, y, width, height = box.x, box.y, box.width, box.height
    at = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    match box.shape:
        case "start":
            return f'<rect {at} rx="18" fill="{INK}"/>'
        case "question":
            return f'<rect {at} rx="4" fill="{PAPER}" stroke="{INK}" stroke-width="2.5"/>'
        case "answer":
            return f'<rect {at} rx="18" fill="{SHADE}" stroke="{INK}"/>'
        case "paper":
            edge = x + width
            return (
                f'<path d="M{x} {y}H{edge - FOLD}L{edge} {y + FOLD}V{y + height}H{x}z" '
                f'fill="{PAPER}" stroke="{INK}"/>'
                f'<path d="M{edge - FOLD} {y}V{y + FOLD}H{edge}" fill="none" stroke="{INK}"/>'
            )
        case "clerk" | "ask":
            dash = "8 4" if box.shape == "clerk" else "2 3"
            return (
                f'<rect {at} rx="4" fill="{PAPER}" stroke="{INK}" stroke-width="2" '
                f'stroke-dasharray="{dash}"/>'
            )
        case _:  # another procedure, or the outcome: a double frame
            inner = f'x="{x + 4}" y="{y + 4}" width="{width - 8}" height="{height - 8}"'
            return (
                f'<rect {at} rx="4" fill="{PAPER}" stroke="{INK}" stroke-width="2"/>'
                f'<rect {inner} rx="2" fill="none" stroke="{INK}"/>'
            )
