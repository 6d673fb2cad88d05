"""One birth registration on each messenger, as its emulator saw it.

    python -m tests.channels.transcript            # writes docs/transcripts/

The real assistant, from hello to what the family needs; numbers, words and taps as each can."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.engine import Engine
from bot.settings import PROJECT, Settings
from bot.training import ensure_model
from knowledge_base.load import load
from tests.channels.real import Town, town
from tests.emulators.messengers import MOTHER
from tests.voices.sounds import tone
from voices.encode import encode
from voices.recognisers.fake import FakeRecogniser

INTO = PROJECT / "docs" / "transcripts"
TITLES = {
    "telegram": "Telegram",
    "zalo_oa": "Zalo Official Account",
    "zalo_bot": "Zalo Bot Platform",
}
SPOKEN = "(speaks: “sinh ở bệnh viện”)"
JOURNEYS: dict[str, list[str]] = {
    "telegram": [
        "/start",
        "[Tiếng Việt]",
        "tôi mới sinh con, cần làm giấy khai sinh",
        "12/11/2026",
        SPOKEN,
        "[Đúng]",
        "[Có giấy chứng sinh]",
        "rồi",
        "[Không có]",
        "[Chỉ làm khai sinh]",
        "[Có, ở xã Ayun]",
        "mẹ đi",
        "[Tự nộp, có VNeID mức 2]",
        "[Đồng ý]",
        "[Tiếp]",
    ],
    "zalo_oa": [
        "(follows)",
        "1",
        "lam khai sinh cho con",
        "12/11",
        "1",
        "có",
        "đã có giấy kết hôn",
        "1",
        "2",
        "vì sao hỏi?",
        "1",
        "số 1",
        "1",
        "đồng ý",
        "nghe",
        "tiếp",
    ],
    "zalo_bot": [
        "xin chào",
        "tiếng việt",
        "1",
        "1",
        "12/11/2026",
        SPOKEN,
        "1",
        "1",
        "1",
        "1",
        "2",
        "1",
        "1",
        "1",
        "không đồng ý",
        "tiếp",
    ],
}
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+(/a/)[^\s]+?(\.normal|\.slow)[^\s]+\.(m4a|aac)")


def does(there: Town, act: str) -> None:
    """One thing the mother does, and reading what comes."""
    mother: Any = there.mother
    if act == SPOKEN:
        mother.speaks(encode(tone(2.0), "aac"))
    elif act == "(follows)":
        mother.starts_following()
    elif act.startswith("["):
        mother.taps(act[1:-1])
    else:
        mother.sends(act)
    there.reads()


def told(there: Town) -> str:
    """The transcript as Markdown."""
    lines = [f"# A birth registration on {TITLES[there.name]}", ""]
    lines += ["Written by `python -m tests.channels.transcript`: the real assistant behind the"]
    lines += ["emulator, and what passed between. `[…]` is a button.", ""]
    for line in there.mother.transcript():
        text = ADDRESS.sub(r"https://…\1…\2.….\3", line["text"])
        if line["who"] == "person":
            lines += ["---", "", f"**Mother:** {said(text)}", ""]
            continue
        if line["sound"] is not None:
            text = "🔊 (a voice message)"
        lines += [f"> {part}".rstrip() for part in text.split("\n")]
        if line["buttons"]:
            lines += [">", "> " + " ".join(f"`[{label}]`" for label in line["buttons"])]
        lines.append("")
    return "\n".join(lines)


def said(text: str) -> str:
    """What she sent; a spoken message by what is in it."""
    return SPOKEN if text in ("(voice)", "(audio)") else text


def journey(name: str, engine: Engine, folder: Path) -> str:
    """The transcript of the whole journey on one messenger."""
    ear = FakeRecogniser()
    ear.table = {2: "sinh ở bệnh viện"}
    with town(name, engine, folder, recognisers=[ear]) as there:
        there.runs(there.assistant.erase(there.conversation))
        for act in JOURNEYS[name]:
            does(there, act)
        return told(there)


def main() -> None:
    """Write the transcripts."""
    into = Path(sys.argv[1]) if len(sys.argv) > 1 else INTO
    into.mkdir(parents=True, exist_ok=True)
    for name in MOTHER:
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(_env_file=None, data_dir=Path(folder) / "engine")
            engine = Engine.load(settings, ensure_model().path, load())
            text = journey(name, engine, Path(folder))
        path = into / f"{name}.md"
        path.write_text(text, "utf-8")
        print(path)


if __name__ == "__main__":
    main()
