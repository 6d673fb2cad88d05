"""Pictures, words and colours of the pages, read as files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import web

PROJECT = Path(__file__).resolve().parents[2]
NAMED = yaml.safe_load((web.HERE / "icons.yml").read_text(encoding="utf-8"))
ICONS: dict[str, Any] = NAMED["icons"]
KNOWN = set(ICONS) | set(NAMED["also"])
PHRASES = yaml.safe_load((PROJECT / "knowledge_base" / "phrases.yml").read_text(encoding="utf-8"))
AA = 4.5


def test_every_concept_has_its_file_and_every_file_its_concept() -> None:
    assert {path.stem for path in web.ICONS.glob("*.svg")} == set(ICONS)


def test_own_drawings_are_named_in_the_attribution() -> None:
    text = (web.ICONS / "ATTRIBUTION.md").read_text(encoding="utf-8")
    own = {name for name, entry in ICONS.items() if entry.get("own")}
    assert own == set(re.findall(r"`(\w+)\.svg`", text))
    for part in ("author", "url", "licence"):
        assert NAMED["set"][part] in text


@pytest.mark.parametrize("name", ICONS)
def test_drawing_is_plain(name: str) -> None:
    svg = (web.ICONS / f"{name}.svg").read_text(encoding="utf-8")
    assert svg.startswith("<svg ")
    assert not re.search(r"<script|<foreignObject|\son\w+=|(?<!xmlns=\")https?://", svg)
    assert ICONS[name]["alt"]


def test_other_names_lead_to_concepts() -> None:
    assert set(NAMED["also"].values()) <= set(ICONS)
    assert set(NAMED["values"].values()) <= set(ICONS)


def pictures_in_the_knowledge_base() -> list[tuple[str, str]]:
    found = []
    for path in sorted((PROJECT / "knowledge_base" / "procedures").rglob("*.yml")):
        for name in re.findall(r"^\s*(?:- )?picture: *\"?(\w+)", path.read_text("utf-8"), re.M):
            found.append((str(path.relative_to(PROJECT)), name))
    return found


def test_every_picture_of_the_knowledge_base_exists() -> None:
    found = pictures_in_the_knowledge_base()
    assert len(found) > 50
    assert [(path, name) for path, name in found if name not in KNOWN] == []


def test_every_picture_of_the_code_exists() -> None:
    code = [*(PROJECT / "knowledge_base").glob("*.py"), *(PROJECT / "bot").rglob("*.py")]
    code += (PROJECT / "actions").glob("*.py")
    names = {
        (path.name, name)
        for path in code
        for name in re.findall(r"picture=\"(\w+)\"", path.read_text("utf-8"))
    }
    assert names
    assert {(path, name) for path, name in names if name not in KNOWN} == set()


def test_every_word_and_picture_of_the_pages_exists() -> None:
    words, icons = set(), set()
    for path in [*web.TEMPLATES.glob("*.html"), *(web.STATIC / "js").glob("*.js")]:
        text = path.read_text(encoding="utf-8")
        words |= set(re.findall(r"[\"'](ui\.\w+)[\"']", text))
        icons |= set(re.findall(r"icons/(\w+)\.svg|icon\(\"(\w+)\"", text))
        for _, word, picture in re.findall(
            r"(control|button)\(\"?(?:\w+\", \")?(\w+)\", \"(\w+)\"", text
        ):
            words.add(f"ui.{word}")
            icons.add((picture, ""))
    assert len(words) > 30
    assert words - set(PHRASES) == set()
    assert {name for pair in icons for name in pair if name} - set(ICONS) == set()


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it, 0 (black) to 1 (white)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


COLOURS = dict(
    re.findall(
        r"--([\w-]+): (#[0-9a-f]{6});",
        (web.STATIC / "css" / "shared.css").read_text(encoding="utf-8"),
    )
)


def test_contrast_is_computed_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((ink, ground) for ink in ("ink", "soft", "draft") for ground in ("ground", "card")),
        ("ink", "mine"),
        ("on-wood", "wood"),
        ("on-cloth", "cloth"),
        ("cloth", "ground"),
    ],
)
def test_contrast(ink: str, ground: str) -> None:
    assert contrast(COLOURS[ink], COLOURS[ground]) >= AA
