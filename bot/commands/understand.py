"""`rong understand`: lines of text in, one JSON line each out."""

from __future__ import annotations

import json
import sys

import click


@click.command()
def command() -> None:
    """Say what each line of standard input is about.

    Writes {"text", "procedure", "topic", "confidence"} for each line; null where there is none.
    Bytes that are not UTF-8 are read as the replacement character.
    """
    from bot.training import ensure_model
    from bot.understanding import Understanding

    understanding = Understanding.from_model(ensure_model().path)
    for line in sys.stdin.buffer:
        text = line.rstrip(b"\r\n").decode("utf-8", errors="replace")
        found = understanding.read(text)
        answer = {
            "text": text,
            "procedure": found.procedure,
            "topic": found.topic,
            "confidence": round(found.confidence, 4),
        }
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        sys.stdout.buffer.flush()
