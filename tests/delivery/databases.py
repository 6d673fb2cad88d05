"""A PostgreSQL database for one test, where there is a server; see docs/developer.md, Tests."""

from __future__ import annotations

import functools
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import make_url

SERVER = os.environ.get(
    "RONG_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
REASON = (
    f"no PostgreSQL server answers at {SERVER}; start one, or say where it is with "
    "RONG_TEST_POSTGRESQL (the user must be allowed to create databases)"
)


def _connect() -> psycopg.Connection[tuple[object, ...]]:
    url = make_url(SERVER).set(drivername="postgresql")
    dsn = url.render_as_string(hide_password=False)
    return psycopg.connect(dsn, autocommit=True, connect_timeout=3)


@functools.cache
def available() -> bool:
    """Whether there is a server."""
    try:
        _connect().close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def new_database() -> Iterator[str]:
    """SQLAlchemy URL of an empty database that is dropped afterwards."""
    name = f"rong_test_{uuid.uuid4().hex[:12]}"
    with _connect() as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
    try:
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        with _connect() as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
