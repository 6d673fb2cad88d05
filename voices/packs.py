"""Packs: what a language brings to its voice, one folder each, found by looking.

    voices/packs/<language>/
      manifest.yml    recorded prompts, each with speaker, dialect, consent and licence
      speech.yml      how written things are said (see `voices.speech`)

A recording holds for one wording: when the prompt's text changes, its hash no longer matches and
the recording is silent until it is made again.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voices.errors import PackProblem, PacksBroken
from voices.pack_files import Problems, read_manifest, read_speech
from voices.speech import SpeechTable

SHIPPED = Path(__file__).parent / "packs"


@dataclass(frozen=True)
class Recording:
    """One prompt said by a person."""

    prompt: str
    """Message id."""
    text_hash: str
    """`text_hash` of the text that was read."""
    file: Path
    speaker: str
    """A code for the person, not the name."""
    dialect: str
    """Language tag of the variety spoken."""
    consent: str
    """Where and when the speaker agreed."""
    licence: str
    digest: str
    """8 hexadecimal digits of the file, so that a new recording is a new voice."""


@dataclass(frozen=True)
class Pack:
    """All that one language brings."""

    language: str
    recordings: Mapping[tuple[str, str], Recording] = field(default_factory=dict)
    """By message id and text hash."""
    speech: SpeechTable = field(default_factory=SpeechTable)


def text_hash(text: str) -> str:
    """16 hexadecimal digits of the text (NFC, blanks joined) that a recording is of."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def load_packs(root: Path = SHIPPED) -> dict[str, Pack]:
    """Every pack below `root`, by language; raises `PacksBroken` with all problems at once."""
    packs, problems = read_packs(root)
    if problems:
        raise PacksBroken(problems)
    return packs


def read_packs(root: Path = SHIPPED) -> tuple[dict[str, Pack], list[PackProblem]]:
    """Every pack and every problem; paths in problems start at the name of `root`."""
    problems = Problems(root)
    packs = {}
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        if not folder.is_dir() or folder.name.startswith((".", "_")):
            continue
        rows = read_manifest(folder, problems)
        recordings = {(row["prompt"], row["text_hash"]): _recording(folder, row) for row in rows}
        packs[folder.name] = Pack(folder.name, recordings, read_speech(folder, problems))
    return packs, problems.found


def _recording(folder: Path, row: Mapping[str, str]) -> Recording:
    file = folder / row["file"]
    return Recording(
        prompt=row["prompt"],
        text_hash=row["text_hash"],
        file=file,
        speaker=row["speaker"],
        dialect=row["dialect"],
        consent=row["consent"],
        licence=row["licence"],
        digest=hashlib.sha256(file.read_bytes()).hexdigest()[:8],
    )
