"""`rong bench nlu`: how much is understood of held-out text, beside stock Rasa."""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from bot.bench._held_out import HeldOut, held_out, names
from bot.bench._held_out_answers import VERDICTS, AnswerJudge, answer_sets, held_out_answers
from bot.bench._nlu_ablation import trained, variants
from bot.bench._nlu_figures import REFUSALS, Judged, Share, calibration_error, confusion, shares
from bot.bench._nlu_phoatis import PUBLISHED, Phoatis
from bot.bench._nlu_phoatis import measure as measure_phoatis
from bot.bench._nlu_stock import EPOCHS, StockNlu
from bot.components.text.augment import typo
from bot.settings import PROJECT
from bot.training import ensure_model
from bot.understanding import Understanding
from bot.weights import FITTED_ON

TOGETHER = "all of them"
TYPOS = "both, typos"
ABLATED = {
    "both": "both",
    "bare": "both, no_diacritics",
    "typos": TYPOS,
    "story": "both, story",
    "acts": "acts",
    "foreign refused": REFUSALS[0],
    "ours refused": REFUSALS[1],
}
"""Columns of the table of parts left out: heading → row of the figures."""
HERE = Path(__file__).resolve().parent
FONTS = PROJECT / "bot" / "documents" / "fonts"


@dataclass(frozen=True)
class Reader:
    """What reads messages, and what it took. `training` and `work`: seconds for the whole model,
    by the clock and of processor time; `latencies`: seconds a message."""

    judged: list[Judged]
    latencies: list[float]
    training: float
    work: float


@click.command("nlu")
@click.option("--set", "sets", multiple=True, help="Held-out set (default: every one).")
@click.option("--stock/--no-stock", default=True, help="Train stock Rasa on the same data too.")
@click.option(
    "--stock-epochs",
    default=EPOCHS,
    show_default=True,
    help="How often stock Rasa sees the training data.",
)
@click.option("--mistakes", is_flag=True, help="Print what was misunderstood.")
@click.option("--picture", type=click.Path(path_type=Path), help="Write the confusion matrix here.")
@click.option("--ablation", is_flag=True, help="Train without each part in turn instead.")
@click.option("--only", multiple=True, help="With --ablation: variants with this in their name.")
@click.option(
    "--phoatis",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Measure on the PhoATIS intents in this folder instead (research use only).",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    sets: tuple[str, ...],
    stock: bool,
    stock_epochs: int,
    mistakes: bool,
    picture: Path | None,
    ablation: bool,
    only: tuple[str, ...],
    phoatis: Path | None,
    as_json: bool,
) -> None:
    """Measure understanding on held-out text that training never saw.

    The whole Rasa model is trained anew, and stock Rasa's default pipeline on the same
    utterances (once for topics, once for procedures), where `make bench-stock` has put it;
    that takes long. Shares come with 95 % confidence intervals."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    if phoatis:
        console.print(phoatis_table(measure_phoatis(phoatis)))
        return
    chosen = {name: list(held_out(name)) for name in sets or names()}
    if ablation:
        console.print(ablation_table(chosen, only))
        return
    ours = measure_ours(chosen)
    contenders = {"nha-rong": ours}
    if stock:
        engine = StockNlu.find(stock_epochs)
        if engine is None:
            click.echo(
                "Stock Rasa is not here to compare with: it needs TensorFlow and an environment "
                "of its own. `make bench-stock` makes it.",
                err=True,
            )
        else:
            contenders["stock Rasa"] = measure_stock(engine, chosen)
    if as_json:
        click.echo(json.dumps({n: figures(r) for n, r in contenders.items()}, indent=2))
    else:
        for name in chosen:
            console.print(table(name, contenders))
        if len(chosen) > 1:
            console.print(table(TOGETHER, contenders))
        if not sets:
            console.print(answers_table())
        console.print(costs(contenders))
    if mistakes:
        for one in ours.judged:
            if not one.right:
                click.echo(json.dumps(asdict(one), ensure_ascii=False))
    if picture:
        draw(confusion(ours.judged), picture)


def measure_ours(sets: Mapping[str, Sequence[HeldOut]]) -> Reader:
    """Train the project's model and read every set with it, as `rong understand` does."""
    started, worked = time.perf_counter(), work_done()
    model = ensure_model(force=True).path
    training, work = time.perf_counter() - started, work_done() - worked
    read = reader(Understanding.from_model(model))
    read("xin chào")
    judged, latencies = judge(sets, read)
    return Reader(judged, latencies, training, work)


def work_done() -> float:
    """Seconds of processor time of this process and those it has waited for."""
    return sum(os.times()[:4])


def reader(understanding: Understanding) -> Callable[[str], tuple[str | None, str | None, float]]:
    """Reads a message as `rong understand` does: topic, procedure, confidence."""

    def read(text: str) -> tuple[str | None, str | None, float]:
        found = understanding.read(text)
        return found.topic, found.procedure, found.confidence

    return read


def measure_stock(engine: StockNlu, sets: Mapping[str, Sequence[HeldOut]]) -> Reader:
    """Train stock Rasa on the same utterances and read every set with it."""
    texts = [one.text for rows in sets.values() for one in rows]
    answered = engine.run(texts)
    found = dict(zip(texts, answered.found, strict=True))
    judged, _ = judge(sets, lambda text: found[text])
    return Reader(judged, answered.latencies, answered.training, answered.work)


def judge(
    sets: Mapping[str, Sequence[HeldOut]],
    read: Callable[[str], tuple[str | None, str | None, float]],
) -> tuple[list[Judged], list[float]]:
    """Read every utterance; gives what was made of it and how long each took, in seconds."""
    judged, latencies = [], []
    for name, rows in sets.items():
        for one in rows:
            started = time.perf_counter()
            topic, procedure, confidence = read(one.text)
            latencies.append(time.perf_counter() - started)
            judged.append(
                Judged(
                    one.text,
                    one.style,
                    name,
                    one.topic,
                    one.procedure,
                    topic,
                    procedure,
                    confidence,
                )
            )
    return judged, latencies


def table(name: str, contenders: Mapping[str, Reader]) -> Table:
    """The shares of one set, a column for each contender."""
    made = Table(title=f"held-out set: {name}")
    made.add_column("")
    rows: dict[str, list[Share]] = {}
    for contender, reader in contenders.items():
        made.add_column(contender, justify="right")
        judged = [j for j in reader.judged if name in (j.group, TOGETHER)]
        for row, share in shares(judged).items():
            rows.setdefault(row, []).append(share)
    for row, found in rows.items():
        made.add_row(f"{row} ({found[0].of})", *map(worded, found))
    return made


def answers_table() -> Table:
    """Answers to a question that was just asked, by what they are, a row for each set; at the end
    those together by which no weight was found."""
    judge = AnswerJudge(Understanding.from_model(ensure_model().path))
    made = Table(title="held-out answers to the question that was asked")
    for heading in ("", "all", *VERDICTS):
        made.add_column(heading, justify="right" if heading else "left")
    judged = {name: list(map(judge.judge, held_out_answers(name))) for name in answer_sets()}
    untouched = [name for name in judged if name not in FITTED_ON]
    together = [one for name in untouched for one in judged[name]]
    for name, rows in (*judged.items(), (f"never tuned by: {', '.join(untouched)}", together)):
        kinds = [rows, *([one for one in rows if one.said.verdict == v] for v in VERDICTS)]
        all_of_them, *some = [Share.among(one.right for one in kind) for kind in kinds]
        made.add_row(
            name,
            f"{all_of_them.right}/{all_of_them.of}: {worded(all_of_them)}",
            *(f"{share.right}/{share.of}" if share.of else "-" for share in some),
        )
    return made


def ablation_table(sets: Mapping[str, Sequence[HeldOut]], only: Sequence[str] = ()) -> Table:
    """All sets read without one part of the pipeline at a time; `only` variants with such names."""
    made = Table(title=f"held-out sets together: {', '.join(sets)}")
    made.add_column("", no_wrap=True)
    for heading in ABLATED:
        made.add_column(heading, justify="right")
    misspelt = {name: list(map(with_typos, rows)) for name, rows in sets.items()}
    for variant in variants():
        if only and not any(name in variant.name for name in only):
            continue
        started = time.perf_counter()
        with trained(variant) as understanding:
            read = reader(understanding)
            found = shares(judge(_about(sets, variant.unheard), read)[0])
            found |= {TYPOS: shares(judge(_about(misspelt, variant.unheard), read)[0])["both"]}
        cells = (found.get(row) for row in ABLATED.values())
        told = (f"{one.value:.1%}" if one and one.of else "-" for one in cells)
        made.add_row(variant.name, *told)
        click.echo(f"{variant.name}: {time.perf_counter() - started:.0f} s", err=True)
    return made


def _about(
    sets: Mapping[str, Sequence[HeldOut]], procedures: Set[str]
) -> Mapping[str, Sequence[HeldOut]]:
    """What is about these procedures; everything where there are none."""
    return {
        name: [one for one in rows if not procedures or one.procedure in procedures]
        for name, rows in sets.items()
    }


def with_typos(one: HeldOut) -> HeldOut:
    """The same message with one or two letters lost, doubled or exchanged; always the same ones."""
    return replace(one, text=typo(one.text, random.Random(one.text)))


def phoatis_table(found: Phoatis) -> Table:
    """What was reached on PhoATIS, beside what was published."""
    made = Table("", "intents right", title=f"PhoATIS, {found.of} test utterances")
    made.add_row("as written", f"{found.accuracy:.1%}")
    made.add_row("without diacritics", f"{found.bare:.1%}")
    made.add_row("published, as written, with a pre-trained transformer", f"{PUBLISHED:.1%}")
    made.add_row("training", f"{found.training:.0f} s")
    return made


def worded(share: Share) -> str:
    """A share with its interval, in per cent."""
    low, high = share.interval()
    return f"{share.value:.1%} ({low:.1%} to {high:.1%})" if share.of else "-"


def costs(contenders: Mapping[str, Reader]) -> Table:
    """Calibration and time."""
    made = Table(title="all sets together")
    made.add_column("")
    for contender in contenders:
        made.add_column(contender, justify="right")
    readers = list(contenders.values())
    rows: dict[str, Callable[[Reader], str]] = {
        "calibration error": lambda r: f"{calibration_error(r.judged):.3f}",
        "one message, p50": lambda r: f"{quantile(r.latencies, 0.50) * 1e3:.2f} ms",
        "one message, p99": lambda r: f"{quantile(r.latencies, 0.99) * 1e3:.2f} ms",
        "training": lambda r: f"{r.training:.0f} s",
        "training, processor time": lambda r: f"{r.work:.0f} s",
    }
    for row, value in rows.items():
        made.add_row(row, *map(value, readers))
    return made


def figures(reader: Reader) -> dict[str, Any]:
    """Everything as plain data: shares of each set, seconds."""
    sets = dict.fromkeys(one.group for one in reader.judged)
    return {
        "sets": {
            name: {
                row: {"right": share.right, "of": share.of}
                for row, share in shares([j for j in reader.judged if j.group == name]).items()
            }
            for name in sets
        },
        "calibration_error": calibration_error(reader.judged),
        "p50": quantile(reader.latencies, 0.50),
        "p99": quantile(reader.latencies, 0.99),
        "training": reader.training,
        "work": reader.work,
    }


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all don't exceed."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def draw(matrix: tuple[list[str], list[list[int]]], target: Path) -> None:
    """The confusion matrix as a picture."""
    import typst

    compiler = typst.Compiler(root=str(HERE), font_paths=[str(FONTS)], ignore_system_fonts=True)
    data = json.dumps({"names": matrix[0], "counts": matrix[1]})
    made = compiler.compile(
        (HERE / "confusion.typ").read_bytes(), format="png", ppi=144, sys_inputs={"data": data}
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(made if isinstance(made, bytes) else b"".join(made or ()))
