"""A project of two procedures, small enough to be read five times over in a second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from knowledge_base.languages import PATH as LANGUAGES

NAMES = {"land": "sổ đỏ", "card": "thẻ trẻ em"}
WAYS = {
    "fee": (
        "{} mất bao nhiêu tiền",
        "lệ phí {} bao nhiêu tiền vậy",
        "tiền {} bao nhiêu hả cô",
        "cho hỏi {} bao nhiêu tiền",
        "{} đóng bao nhiêu tiền",
    ),
    "where": (
        "{} nộp ở đâu",
        "nộp {} ở đâu vậy",
        "cho hỏi {} nộp ở đâu",
        "{} thì nộp ở đâu hả cô",
        "hồ sơ {} nộp ở đâu",
    ),
}
"""Asked about each name; what it is about, and what is asked, can be told by any one word."""
Blocks = Mapping[tuple[str, str | None], Sequence[str]]
"""(intent, procedure) → utterances."""


def usual() -> dict[tuple[str, str | None], list[str]]:
    """Utterances that can't be mistaken for each other."""
    return {
        (topic, procedure): [way.format(name) for way in ways]
        for procedure, name in NAMES.items()
        for topic, ways in WAYS.items()
    }


def write(root: Path, *, vi: Blocks, en: Blocks | None = None, aliases: str = "[]") -> Path:
    """The project in `root`. `aliases`: those of `land`, as YAML."""
    for language, blocks in (("vi", vi), ("en", en or {})):
        _write(root / "nlu_data" / language / "nlu.yml", _nlu(blocks))
    base = root / "knowledge_base"
    _write(base / "languages.yml", LANGUAGES.read_text("utf-8"))
    for name, title in NAMES.items():
        own = aliases if name == "land" else "[]"
        _write(base / "procedures" / name / "link.yml", f"title: {title}\naliases: {own}\n")
    return root


def _nlu(blocks: Blocks) -> str:
    written = 'version: "3.1"\nnlu:\n'
    for (intent, procedure), texts in blocks.items():
        written += f"- intent: {intent}\n"
        written += f"  metadata: {{procedure: {procedure}}}\n" if procedure else ""
        written += "  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
    return written


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
