"""House rules of the Vietnamese texts: short sentences, no unexplained abbreviation, one
instruction a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from knowledge_base.errors import Problem
from knowledge_base.load import KnowledgeBase
from knowledge_base.messages import Message, messages

LONGEST_SENTENCE = 25
"""Words a sentence may have."""
KNOWN = frozenset({"VNeID", "ADN", "OTP", "SMS", "PDF", "QR", "HIV"})
"""Short forms that people say themselves or see on the screen."""
SHORT_FORM = re.compile(r"(?<![\w/-])[A-ZĐ]{2,}(?!\w)")
"""Not the letters within the number of a law, such as 63/2024/NĐ-CP."""
ON_SCREEN = re.compile(r"\.(?:tap|type)\.\d+$")
"""Texts that quote the portal's own labels, whatever these are."""
INSTRUCTIONS = (
    "bấm|chọn|gõ|chụp|điền|gửi|mở|ghi|viết|nhập|tải|đăng nhập|kiểm tra|xem|chép|in|ký|nộp"
)
TWO = re.compile(
    rf"\b(?:{INSTRUCTIONS})\b[^.;:]*(?:;|,? rồi|,? sau đó|,? và) (?:{INSTRUCTIONS})\b",
    re.IGNORECASE,
)
STEP_TEXT = re.compile(r"\.step\.[a-z0-9_]+\.text$")


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """Every text that breaks a rule; a step that seems to ask for two things is a warning."""
    for message in messages(knowledge):
        for told in _faults(message):
            yield Problem(message.path, message.line, f"{message.id}: {told}")
        found = STEP_TEXT.search(message.id) and TWO.search(message.text)
        if found:
            told = f"two instructions in one sentence: '{found[0]}'; make two sentences"
            yield Problem(message.path, message.line, f"{message.id}: {told}", warning=True)


def _faults(message: Message) -> Iterator[str]:
    for sentence in message.text.replace("!", ".").replace("?", ".").split(". "):
        words = len(sentence.split())
        if words > LONGEST_SENTENCE:
            yield f"a sentence of {words} words; {LONGEST_SENTENCE} at most"
    if ON_SCREEN.search(message.id):
        return
    for short in sorted(set(SHORT_FORM.findall(message.text)) - KNOWN):
        if f"({short})" not in message.text:
            yield f"'{short}' is short for something; write it out"
