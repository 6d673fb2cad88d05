"""What somebody at the emulator's page may let go wrong, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.emulators.base import Emulator

SEVERAL = 5
CODE = "consent"


def troubles(emulator: Emulator) -> dict[str, Callable[[], Any]]:
    """Label → what it does."""
    sending = emulator.sending
    found: dict[str, Callable[[], Any]] = {
        "slow: the next answer takes 5 s": lambda: emulator.hangs(sending, 5),
        f"an outage: the next {SEVERAL} messages fail (502)": lambda: emulator.fails(
            sending, SEVERAL
        ),
        f"bad line: {SEVERAL} connections break": lambda: emulator.resets(sending, SEVERAL),
        "too fast: the next message is refused (429)": lambda: emulator.floods(sending, 3),
        "the bot's token is refused": emulator.token_dies,
        "my next message is told twice": lambda: emulator.twice(1),
        "my next two messages are told in the wrong order": lambda: emulator.swaps(),
        "somebody forges my last message": emulator.forges_last,
    }
    if expires := getattr(emulator, "expires", None):
        found["the access token's 25 hours are over"] = expires
    if consents := getattr(emulator, "consents", None):
        found[f"consent is given anew: rong channels zalo-consent {CODE}"] = lambda: consents(CODE)
    return found | {"all is well again": emulator.recovers}
