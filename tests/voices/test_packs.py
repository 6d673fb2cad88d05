from __future__ import annotations

from pathlib import Path

import pytest

from tests.voices.sounds import tone
from voices.encode import encode
from voices.errors import PacksBroken
from voices.packs import load_packs, read_packs, text_hash

ROW = """\
recordings:
  - prompt: bot.hello
    text_hash: {hash}
    file: {file}
    speaker: s1
    dialect: bdq-x-gialai
    consent: form 1, 2026-11-20
    licence: CC-BY-4.0
"""


def pack(root: Path, manifest: str = "", speech: str = "") -> Path:
    folder = root / "packs" / "bdq"
    folder.mkdir(parents=True)
    (folder / "hello.ogg").write_bytes(encode(tone(), "ogg"))
    if manifest:
        (folder / "manifest.yml").write_text(manifest, "utf-8")
    if speech:
        (folder / "speech.yml").write_text(speech, "utf-8")
    return root / "packs"


def problems(root: Path) -> list[str]:
    with pytest.raises(PacksBroken) as caught:
        load_packs(root)
    return [str(problem) for problem in caught.value.problems]


def test_the_packs_that_ship_are_whole() -> None:
    assert read_packs()[1] == []
    assert set(load_packs()) >= {"vi", "en"}


def test_a_recording_is_found_by_prompt_and_wording(tmp_path: Path) -> None:
    mark = text_hash("A  b\nc")
    packs = load_packs(pack(tmp_path, ROW.format(hash=mark, file="hello.ogg")))
    recording = packs["bdq"].recordings["bot.hello", text_hash("A b c")]
    assert recording.dialect == "bdq-x-gialai"
    assert recording.file.is_file()
    assert ("bot.hello", text_hash("A b d")) not in packs["bdq"].recordings


def test_empty_files_are_empty_packs(tmp_path: Path) -> None:
    assert load_packs(pack(tmp_path, "recordings:\n", "words:\n"))["bdq"].recordings == {}
    assert load_packs(tmp_path / "nowhere") == {}


def test_every_problem_is_told_with_its_line(tmp_path: Path) -> None:
    good = ROW.format(hash="0" * 16, file="hello.ogg")
    rows = good + good.split("\n", 1)[1]
    rows += good.split("\n", 1)[1].replace("hello.ogg", "../../x.ogg").replace("0" * 16, "XYZ")
    rows += "  - {prompt: bot.bye, text_hash: [1], license: x}\n  - word\n"
    speech = "words: [a]\nhosts: {sings: {}}\n"
    assert problems(pack(tmp_path, rows, speech)) == [
        "packs/bdq/manifest.yml:9: bot.hello: recorded already on line 2",
        "packs/bdq/manifest.yml:16: 'file' lies outside its pack: ../../x.ogg",
        "packs/bdq/manifest.yml:16: 'text_hash' is 16 hexadecimal digits in lower case",
        "packs/bdq/manifest.yml:23: 'license' is not a field here; did you mean 'licence'?",
        *(
            f"packs/bdq/manifest.yml:23: a recording needs '{name}', as one line of text"
            for name in ("consent", "dialect", "file", "licence", "speaker", "text_hash")
        ),
        *sorted(
            [
                f"packs/bdq/manifest.yml:24: a recording needs '{name}', as one line of text"
                for name in (
                    "prompt",
                    "text_hash",
                    "file",
                    "speaker",
                    "dialect",
                    "consent",
                    "licence",
                )
            ]
            + [
                "packs/bdq/manifest.yml:24: expected fields: prompt, text_hash, file, speaker, "
                "dialect, consent, licence"
            ]
        ),
        "packs/bdq/speech.yml:1: expected lines of 'as written: as said'",
        "packs/bdq/speech.yml:2: 'sings' is not a field here; did you mean 'signs'?",
    ]


@pytest.mark.parametrize("text", ["recordings: [", "recordings: {a: b}", "- a", "\t", "a: &a *a"])
def test_a_broken_file_is_a_problem(tmp_path: Path, text: str) -> None:
    assert problems(pack(tmp_path, text))[0].startswith("packs/bdq/manifest.yml:1: ")


def test_a_missing_recording_is_a_problem(tmp_path: Path) -> None:
    found = problems(pack(tmp_path, ROW.format(hash="0" * 16, file="gone.ogg")))
    assert found == ["packs/bdq/manifest.yml:2: 'file' does not exist: gone.ogg"]
