"""What the error numbers of the OpenAPI mean for a message. They come with HTTP 200."""

from __future__ import annotations

from bot.channels.staff import STAFF_SECONDS, Staff
from bot.delivery.outbox import Later, Never

RENEW = (-216, -220, -124)
"""The access token is wrong or old: renew it and try once more."""

NOT_SUPPORTED = (-201, -233)
"""A field or the message's type is not accepted: what buttons get where they are not allowed."""

NIGHT = -234
NIGHT_SECONDS = 1800.0
"""It is said of promotion only; should it come for an answer, the morning will do."""

LIMIT = -32
LIMIT_SECONDS = 20.0
"""The limit counts by the minute."""

PERSON = {
    -213: "the person does not follow the account",
    -217: "the person has blocked the account",
    -227: "the person's account is closed or unused for 45 days",
    -230: "the person wrote nothing for 7 days",
    -232: "the person wrote nothing, or too long ago",
    -244: "the person does not want such messages",
}
"""Nothing can be sent to this person until they write again."""

STAFF = {
    -204: "the Official Account is disabled; see oa.zalo.me",
    -205: "the Official Account does not exist; see oa.zalo.me",
    -209: "the application is not activated; switch it on at developers.zalo.me",
    -211: "the account's quota is used up; see oa.zalo.me",
    -212: "the application has not registered this API; see its page at developers.zalo.me",
    -219: "the application was removed or disabled; see developers.zalo.me",
    -221: "the Official Account needs to be verified; see oa.zalo.me",
    -223: "the account has not allowed the application to do this; give consent anew",
    -224: "the account's package is too small; see oa.zalo.me",
    -242: "RONG_ZALO_OA_APP_SECRET is not the application's secret",
    -320: "the account's Zalo Cloud account must be looked at",
    -321: "the account's Zalo Cloud account must be looked at",
}
"""Somebody must do something; until then messages wait."""


def check(code: int, message: str) -> None:
    """Raises what an error number means; nothing for 0. `message` is Zalo's own.

    Raises `Staff`, `Later` or `Never`."""
    if code == 0:
        return
    said = f"Zalo {code}: {message[:200]}"
    if code in PERSON:
        raise Never(f"{said} ({PERSON[code]})", conversation_closed=True)
    if code in STAFF:
        raise Staff(f"{said}: {STAFF[code]}")
    if code == LIMIT:
        raise Later(said, LIMIT_SECONDS, kind="limit")
    if code == NIGHT:
        raise Later(said, NIGHT_SECONDS)
    if code in RENEW:
        raise Later(said, STAFF_SECONDS)
    if code == -200:
        raise Later(said)
    raise Never(said)
