"""`/metrics` for Prometheus: counts of this process, and what waits in the database."""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.delivery.measures import measures
from bot.gateway.counter import from_here
from bot.gateway.parts import parts
from bot.gateway.problems import problem

router = APIRouter(include_in_schema=False)

ENDING = "/webhook"
"""How the paths of webhooks end; what is before names the channel."""


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The metrics, for who may read them."""
    if not _allowed(request):
        return problem(
            403,
            "forbidden",
            "These figures are not public",
            "Set RONG_METRICS_TOKEN and send it as a bearer token, or ask on the server itself.",
        )
    registry = CollectorRegistry()
    channels = [channel for channel in parts(request).channels if hasattr(channel, "courier")]
    registry.register(_Now([await _waiting(channel) for channel in channels]))
    text = generate_latest(measures().registry) + generate_latest(registry)
    return Response(
        text, headers={"cache-control": "no-store", "content-type": CONTENT_TYPE_LATEST}
    )


def _allowed(request: Request) -> bool:
    """With the token, or on this very computer where none is set."""
    given = parts(request).settings.metrics_token
    token = given.get_secret_value() if given else ""
    if not token:
        return from_here(request)
    wanted = f"Bearer {token}".encode()
    return hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted)


async def _waiting(channel: Any) -> dict[tuple[str, ...], float]:
    """Values by name and labels."""
    courier, now = channel.courier, time.time()
    values: dict[tuple[str, ...], float] = {
        ("outage", channel.name): courier.outage,
        ("staff", channel.name): getattr(channel, "problem", None) is not None,
        ("undelivered", channel.name): await courier.outbox.given_up(),
    }
    for queue, box in (("answers", courier.inbox), ("sends", courier.outbox)):
        count, since = await box.backlog()
        values["queue", channel.name, queue] = count
        values["age", channel.name, queue] = max(0.0, now - since) if since else 0.0
    return values


class _Now(Collector):
    """Gauges of this moment."""

    FAMILIES = (
        ("queue", "rong_queue", "What waits: events for their answer, messages to be sent."),
        ("age", "rong_queue_oldest_seconds", "For how long the oldest of these has waited."),
        ("undelivered", "rong_undelivered", "Messages given up and kept with their reason."),
        ("outage", "rong_outage", "1 while the messenger takes no message."),
        ("staff", "rong_staff_needed", "1 while messages wait for something staff must do."),
    )

    def __init__(self, channels: Sequence[dict[tuple[str, ...], float]]) -> None:
        self._channels = channels

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The families, for the registry."""
        for short, name, help in self.FAMILIES:
            labels = ("channel", "queue") if short in ("queue", "age") else ("channel",)
            family = GaugeMetricFamily(name, help, labels=labels)
            for values in self._channels:
                for (which, *given), value in values.items():
                    if which == short:
                        family.add_metric(given, float(value))
            yield family


class CountRefused:
    """Counts the webhooks that were refused, by the channel that their path names."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith(ENDING):
            return await self.app(scope, receive, send)
        name = scope["path"].removesuffix(ENDING).strip("/").replace("/", "_")

        async def count(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] != 200:
                here = getattr(scope["app"].state, "parts", None)
                if here and any(channel.name == name for channel in here.channels):
                    measures().refused(name, message["status"])
            await send(message)

        await self.app(scope, receive, count)
