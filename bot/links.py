"""Links to sound for messengers that only take an address: signed, and good for a limited time."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.settings import Settings

PATH = "/a/"
GOOD_FOR_SECONDS = 2 * 24 * 3600
"""A person who gets a message after a day without signal can still listen to it."""

_TOKEN = re.compile(
    r"(?P<key>[A-Za-z0-9_-]{1,200})\.(?P<speed>normal|slow)\.(?P<until>[0-9a-f]{1,12})"
    r"\.(?P<mac>[0-9a-f]{32})\.(?P<form>ogg|m4a|aac)"
)
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Sound:
    """What a link plays."""

    key: str
    form: str
    speed: str


class AudioLinks:
    """Makes and reads links below the public address. Without one that messengers can reach
    (`https`, or this computer for the emulators) `available` is false."""

    def __init__(self, secret: str, public_url: str) -> None:
        self._secret = secret.encode()
        self._public_url = public_url.rstrip("/")
        address = urlsplit(public_url)
        self.available = address.scheme == "https" or address.hostname in _HERE

    def link(self, key: str, form: str, slow: bool = False) -> str:
        """The address of a sound; ends in `.<form>`."""
        until = f"{int(time.time()) + GOOD_FOR_SECONDS:x}"
        speed = "slow" if slow else "normal"
        mac = self._mac(key, speed, until, form)
        return f"{self._public_url}{PATH}{key}.{speed}.{until}.{mac}.{form}"

    def read(self, token: str) -> Sound | None:
        """What the last part of a link stands for; None when it is forged or too old."""
        found = _TOKEN.fullmatch(token)
        if found is None:
            return None
        key, speed, until, form = found["key"], found["speed"], found["until"], found["form"]
        if not hmac.compare_digest(found["mac"], self._mac(key, speed, until, form)):
            return None
        return Sound(key, form, speed) if int(until, 16) >= time.time() else None

    def _mac(self, *parts: str) -> str:
        signed = ".".join(parts).encode()
        return hmac.new(self._secret, signed, hashlib.sha256).hexdigest()[:32]


def audio_links(settings: Settings) -> AudioLinks:
    """The links of this installation. Without `RONG_LINK_SECRET` a secret is made once and kept
    in the data folder."""
    return AudioLinks(link_secret(settings), settings.public_url)


def link_secret(settings: Settings) -> str:
    """The secret of this installation, for whatever it signs."""
    given = settings.link_secret
    return given.get_secret_value() if given else _kept_secret(settings)


def _kept_secret(settings: Settings) -> str:
    path = settings.data_dir / "link-secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and linked, so that of two processes starting together both read one.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("utf-8").strip()
