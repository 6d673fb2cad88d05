"""A Zalo Official Account's OpenAPI and OAuth, as a server on a free port.

    with ZaloOaEmulator() as emulator:
        emulator.webhook = "http://…/zalo/oa/webhook"
        mother = emulator.person("246845883529197922")
        mother.sends("xin chào")
        mother.gets(1)

Besides the faults of every emulator: `refuses`, `expires`, `OaPerson.was_away`,
`stops_following`, `blocked`, and `takes_buttons = False`.
What is not known of the real one is told where it is guessed.
"""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from bot.channels.zalo_oa.signature import sign
from tests.emulators.base import Emulator
from tests.emulators.faults import broken
from tests.emulators.pushing import LADDER, Pusher
from tests.emulators.zalo_oa_rules import Refused, sent_of
from tests.emulators.zalo_people import OaPerson

__all__ = ["OaPerson", "ZaloOaEmulator"]

ACCESS_SECONDS = 90000
OA_ID = "388613280878808645"


class ZaloOaEmulator(Emulator):
    """`openapi.zalo.me` and `oauth.zaloapp.com` for one account."""

    name = "zalo_oa"
    sending = "message/cs"

    def __init__(self, port: int = 0, scale: float = 1 / 300) -> None:
        super().__init__(port)
        self.app_id = "360846524940903967"
        self.app_secret = "the-application-secret"
        self.secret_key = "the-oa-secret-key"
        self.webhook = ""
        self.people: dict[str, OaPerson] = {}
        self.takes_buttons = True
        self.rotates = True
        self.limit = 4000
        self.access_token = ""
        self.refresh_token = "refresh-0"
        self.codes: list[str] = []
        self.expires_at = 0.0
        self.pushed: list[dict[str, Any]] = []
        self._used: set[str] = set()
        self._old: set[str] = set()
        self._refusals: list[tuple[str, int]] = []
        self._minute: tuple[int, int] = (0, 0)
        self.pusher = Pusher(scale)

    # --- what tests do

    def person(self, id: str) -> OaPerson:
        return self.people.setdefault(id, OaPerson(self, id))

    def refuses(self, method: str, code: int, times: int = 1) -> None:
        """The next calls end with this error number."""
        self._refusals += [(method, code)] * times

    def token_dies(self) -> None:
        """The consent is over: neither token is good any more."""
        super().token_dies()
        self._old.add(self.access_token)

    def recovers(self) -> None:
        super().recovers()
        self._refusals.clear()

    def consents(self, code: str) -> None:
        """The account's administrator agrees anew; Zalo sends the browser away with this code."""
        self.token_works = True
        self.codes.append(code)

    def expires(self) -> None:
        """The access token's 25 hours are over."""
        self.expires_at = 0

    def event(self, name: str, person: OaPerson, **more: Any) -> dict[str, Any]:
        """Something happened; the webhook is told."""
        event = {
            "app_id": self.app_id,
            "user_id_by_app": f"9{person.id}",
            "event_name": name,
            "timestamp": str(self.now()),
            **more,
        }
        if "message" in more and "sender" not in more:
            event |= {"sender": {"id": person.id}, "recipient": {"id": OA_ID}}
        elif "follower" in more or "user_id" in more:
            event["oa_id"] = OA_ID
        self.repeats(event)
        return event

    def settings(self, address: str, secret: str = "") -> dict[str, str]:
        return {
            "public_url": address,
            "zalo_oa_app_id": self.app_id,
            "zalo_oa_app_secret": self.app_secret,
            "zalo_oa_secret_key": self.secret_key,
            "zalo_oa_refresh_token": self.refresh_token,
            "zalo_oa_api_url": self.url,
            "zalo_oa_oauth_url": self.url,
        }

    def _tell(self, event: dict[str, Any], forged: bool) -> None:
        key = "not-the-key" if forged else self.secret_key
        self.pushed.append(event)
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()

        def request() -> tuple[str, bytes, dict[str, str]]:
            mac = sign(self.app_id, body, event["timestamp"], key)
            headers = {"content-type": "application/json", "X-ZEvent-Signature": f"mac={mac}"}
            return self.webhook, body, headers

        self.pusher.push(request, 0 if forged else len(LADDER))

    def told(self) -> bool:
        return self.pusher.idle

    def _push(self) -> None:
        self.pusher.run()

    def _end_pushing(self) -> None:
        self.pusher.close()

    # --- the API

    def _app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)

        @app.post("/v4/oa/access_token")
        async def oauth(request: Request) -> Response:
            form = {name: str(value) for name, value in (await request.form()).items()}
            return await self._call("oauth", request, form, self._token)

        @app.post("/v3.0/oa/message/cs")
        async def send(request: Request) -> Response:
            return await self._call("message/cs", request, await request.json(), self._send)

        @app.post("/v2.0/oa/message")
        async def send_anonymous(request: Request) -> Response:
            body = await request.json()
            return await self._call("v2 message", request, body, self._send_anonymous)

        @app.get("/v2.0/oa/getoa")
        async def account(request: Request) -> Response:
            return await self._call("getoa", request, {}, self._account)

        @app.get("/v3.0/oa/user/detail")
        async def detail(request: Request, data: str) -> Response:
            return await self._call("user/detail", request, json.loads(data), self._detail)

        @app.post("/v3.0/oa/quota/message")
        async def quota(request: Request) -> Response:
            return await self._call("quota/message", request, await request.json(), self._quota)

        return app

    async def _call(
        self, method: str, request: Request, body: dict[str, Any], handler: Any
    ) -> Response:
        self.calls.append((method, body))
        fault = await self.fault(method, request)
        kind = fault.kind if fault else None
        if fault and kind == "status":
            return Response("<html>", int(fault.value), media_type="text/html")
        if kind == "reset" or (kind == "hang" and await request.is_disconnected()):
            return broken()
        try:
            self._count(kind == "flood")
            self._refuse(method)
            if method != "oauth":
                self._authorise(request.headers.get("access_token", ""))
            answer = handler(body, request)
        except Refused as refused:
            answer = refused.body()
        remain = str(max(0, self.limit - self._minute[1]))
        headers = {"X-RateLimit-Limit": str(self.limit), "X-RateLimit-Remain": remain}
        # Application errors come with HTTP 200.
        return broken() if kind == "lost" else JSONResponse(answer, headers=headers)

    def _count(self, flood: bool) -> None:
        minute, count = self._minute
        now = int(time.time() / 60)
        self._minute = (now, count + 1 if now == minute else 1)
        if flood or self._minute[1] > self.limit:
            raise Refused(-32, "Your application reached limit call api")

    def _refuse(self, method: str) -> None:
        found = next((r for r in self._refusals if r[0] == method), None)
        if found:
            self._refusals.remove(found)
            raise Refused(found[1], "refused on demand")

    def _authorise(self, token: str) -> None:
        if token in self._old or (token == self.access_token and self.expires_at < time.time()):
            raise Refused(-220, "access_token is expired or removed")
        if not token or token != self.access_token:
            raise Refused(-216, "Access token is invalid")

    def _token(self, form: dict[str, str], request: Request) -> dict[str, Any]:
        if form.get("app_id") != self.app_id:
            raise Refused(-14002, "Invalid appId", oauth=True)
        if request.headers.get("secret_key") != self.app_secret:
            raise Refused(-14004, "Invalid secret key", oauth=True)
        given = form.get("refresh_token", "")
        if form.get("grant_type") == "authorization_code":
            if form.get("code") not in self.codes:
                raise Refused(-14005, "Invalid code", oauth=True)
            self.codes.remove(form["code"])
        elif form.get("grant_type") != "refresh_token":
            raise Refused(-14018, "Invalid grant type", oauth=True)
        elif not self.token_works or given in self._used or given != self.refresh_token:
            raise Refused(-14014, "Invalid refresh token.", oauth=True)
        self._old.add(self.access_token)
        self.access_token = f"access-{secrets.token_hex(8)}"
        self.expires_at = time.time() + ACCESS_SECONDS
        answer = {"access_token": self.access_token, "expires_in": str(ACCESS_SECONDS)}
        if self.rotates or not given:
            self._used.add(self.refresh_token)
            self.refresh_token = f"refresh-{secrets.token_hex(8)}"
            answer["refresh_token"] = self.refresh_token
        return answer

    def _send(self, body: dict[str, Any], request: Request) -> dict[str, Any]:
        user_id = str(body.get("recipient", {}).get("user_id", ""))
        person = self.people.get(user_id)
        if person is None:
            raise Refused(-201, "user_id is invalid!")
        if person.blocked:
            raise Refused(-217, "User has blocked invitation")
        if not person.follows and not person.last_interaction:
            raise Refused(-213, "User has not followed OA")
        if time.time() - person.last_interaction > 7 * 24 * 3600:
            raise Refused(-230, "User has not interacted with the OA in the past 7 days")
        sent = sent_of(body.get("message"), self.takes_buttons)
        message_id = f"{self.number():020x}"
        person.inbox.append(sent)
        self._echo(person, message_id, sent.text)
        # `remain` and `total` of the quota were announced to go.
        data = {
            "message_id": message_id,
            "user_id": user_id,
            "sent_time": str(int(time.time() * 1000)),
            "quota": {"quota_type": "reply"},
        }
        return {"data": data, "error": 0, "message": "Success"}

    def _send_anonymous(self, body: dict[str, Any], request: Request) -> dict[str, Any]:
        """The shape of the recipient is a guess from the event."""
        to = body.get("recipient", {})
        if "anonymous_id" not in to or "conversation_id" not in to:
            raise Refused(-240, "MessageV2 API has been shut down, please switch to MessageV3")
        person = self.person(to["anonymous_id"])
        person.inbox.append(sent_of(body.get("message"), False))
        return {"data": {"message_id": f"{self.number():020x}"}, "error": 0, "message": "Success"}

    def _echo(self, person: OaPerson, message_id: str, text: str) -> None:
        ends = {"sender": {"id": OA_ID}, "recipient": {"id": person.id}}
        message = {"text": text, "msg_id": message_id}
        self.event("oa_send_text", person, message=message, **ends)
        self.event("user_received_message", person, message={"msg_id": message_id}, **ends)
        self.event("user_seen_message", person, message={"msg_ids": [message_id]}, **ends)

    def _account(self, body: dict[str, Any], request: Request) -> dict[str, Any]:
        data = {"oa_id": OA_ID, "name": "Nhà Rông", "is_verified": True}
        return {"data": data, "error": 0, "message": "Success"}

    def _detail(self, body: dict[str, Any], request: Request) -> dict[str, Any]:
        person = self.people.get(str(body.get("user_id")))
        if person is None:
            raise Refused(-201, "user_id is invalid!")
        data = {"user_id": person.id, "display_name": "A", "user_is_follower": person.follows}
        return {"data": data, "error": 0, "message": "Success"}

    def _quota(self, body: dict[str, Any], request: Request) -> dict[str, Any]:
        person = self.people.get(str(body.get("user_id")))
        if person is None:
            raise Refused(-201, "user_id is invalid!")
        data = {"last_interaction": str(int(person.last_interaction * 1000))}
        return {"data": data, "error": 0, "message": "Success"}
