"""PostgreSQL, where there is a server: a database for all tests, and a schema of it for each; see
docs/developer.md, Tests."""

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


def _connect(to: str = SERVER) -> psycopg.Connection[tuple[object, ...]]:
    url = make_url(to).set(drivername="postgresql")
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


def new_schema(database: str) -> str:
    """SQLAlchemy URL that leads to an empty schema; a database of its own takes half a second."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with _connect(database) as server:
        server.execute(f'CREATE SCHEMA "{name}"'.encode())
    url = make_url(database).update_query_dict({"options": f"-csearch_path={name}"})
    return url.render_as_string(hide_password=False)
