"""Whether the Official Account is set up rightly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import httpx

from bot.channels.check import Finding, address, clock
from bot.channels.zalo_oa.api import OpenApi
from bot.channels.zalo_oa.errors import RENEW, STAFF
from bot.channels.zalo_oa.tokens import Refused, Tokens
from bot.channels.zalo_oa.webhook import PATH
from bot.delivery.outbox import Later
from bot.delivery.store import Store
from bot.settings import Settings
from knowledge_base.errors import SettingsError

NAME = "zalo_oa"


async def findings(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Finding]:
    """Keys, tokens, clock, webhook. A token that ends soon is renewed, as the server does."""
    if settings.zalo_oa_app_secret == settings.zalo_oa_secret_key:
        yield Finding(
            NAME,
            "RONG_ZALO_OA_SECRET_KEY is the same as RONG_ZALO_OA_APP_SECRET: the first is the OA "
            "Secret Key of the application's webhook page, the second its own secret key",
        )
    try:
        seen = await http.get(settings.zalo_oa_api_url)
    except httpx.HTTPError as error:
        yield Finding(
            NAME,
            f"{settings.zalo_oa_api_url} does not answer ({type(error).__name__}): "
            "is the internet on?",
        )
        return
    yield clock(NAME, seen)
    yield await _token(settings, http)
    async for finding in address(NAME, settings, PATH, settings.zalo_oa_api_url, http):
        yield finding
        if finding.ok and PATH in finding.text:
            yield Finding(
                NAME,
                "the address can't be asked from Zalo: see that it stands on the application's "
                "webhook page at developers.zalo.me",
                ok=True,
            )


@asynccontextmanager
async def tokens_of(settings: Settings, api: OpenApi) -> AsyncIterator[Tokens]:
    """The tokens in the database, as a server uses them."""
    store = Store(settings.database)
    given = settings.zalo_oa_refresh_token
    seed = given.get_secret_value() if given else ""
    tokens = Tokens(store, settings.zalo_oa_app_id, seed, api.refresh)
    try:
        await store.open()
        await tokens.open()
        yield tokens
    finally:
        await tokens.close()
        await store.close()


async def consent(settings: Settings, code: str, verifier: str = "") -> str:
    """Exchange the code of a consent for tokens and keep them; the account's name.

    `code` may be the whole address to which Zalo sent the browser. Raises `SettingsError`."""
    found = parse_qs(urlsplit(code).query).get("code")
    api = OpenApi(settings)
    try:
        async with tokens_of(settings, api) as tokens:
            pair = await api.consent(found[0] if found else code, verifier)
            await tokens.replace(pair)
            _, name = await api.account(pair.access_token)
    except (Refused, Later) as error:
        raise SettingsError(
            f"{error}: a code is good for ten minutes and once; begin again with the link"
        ) from None
    finally:
        await api.close()
    return name


async def _token(settings: Settings, http: httpx.AsyncClient) -> Finding:
    api = OpenApi(settings, http)
    try:
        async with tokens_of(settings, api) as tokens:
            access = await tokens.access()
            code, said = await api.account(access.token)
            if code in RENEW:
                access = await tokens.renew(access.generation)
                code, said = await api.account(access.token)
            warned = await tokens.problem()
    except Later as later:
        return Finding(NAME, later.reason)
    if code:
        return Finding(NAME, f"Zalo {code}: {said}; {STAFF.get(code, 'see developers.zalo.me')}")
    if warned:
        return Finding(NAME, f"it still works for hours, but then: {warned}")
    return Finding(NAME, f"token of the account “{said}”", ok=True)
