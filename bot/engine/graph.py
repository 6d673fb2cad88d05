"""Rasa's components run one after the other, without a scheduler that plans their order anew.

Rasa has Dask plan and run its graph for every message and every prediction, a tenth of a turn; the
order never changes."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner


def run_plainly() -> None:
    """From now on graphs run like that."""
    DaskGraphRunner.run = _run


def _run(
    self: DaskGraphRunner,
    inputs: dict[str, Any] | None = None,
    targets: Sequence[str] | None = None,
) -> dict[str, Any]:
    """What each of the `targets` gives; the same as Rasa's own."""
    wanted = tuple(targets or self._graph_schema.target_names)
    done = {name: (name, value) for name, value in (inputs or {}).items()}
    for name, needs in _plan(self, wanted):
        done[name] = self._instantiated_nodes[name](*(done.get(need, need) for need in needs))
    return dict(done[name] for name in wanted)


def _plan(runner: DaskGraphRunner, targets: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """The nodes that the targets need, in an order in which they can run, with what each needs."""
    plans: dict[tuple[str, ...], list[tuple[str, list[str]]]] = vars(runner).setdefault("plans", {})
    if targets not in plans:
        schema = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
        needs = {name: list(node.needs.values()) for name, node in schema.items()}
        order = TopologicalSorter(needs).static_order()
        plans[targets] = [(name, needs[name]) for name in order if name in needs]
    return plans[targets]
