"""Making tables, also beside other processes and over those of an earlier version."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, MetaData, Table, inspect, text
from sqlalchemy.schema import CreateTable

_MAKING = 0x4E48415F524F4E47
"""Number of the lock under which PostgreSQL lets one process at a time make tables."""


def create_tables(connection: Connection, metadata: MetaData) -> None:
    """Create the tables, columns and indexes that are missing; nothing is removed or changed.

    To be called in a transaction, on SQLite in one that writes (`BEGIN IMMEDIATE`): else two
    who look at once both make them. A column added to a table that has rows needs a
    `server_default` or must allow nothing."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MAKING})
    metadata.create_all(connection)
    _add_columns(connection, metadata)


def _add_columns(connection: Connection, metadata: MetaData) -> None:
    inspector = inspect(connection)
    quote = connection.dialect.identifier_preparer.quote
    compiler: Any = CreateTable(Table("unused", MetaData())).compile(dialect=connection.dialect)
    for table in metadata.sorted_tables:
        found = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in found:
                what = compiler.get_column_specification(column)
                connection.execute(text(f"ALTER TABLE {quote(table.name)} ADD COLUMN {what}"))
        for index in table.indexes:
            index.create(connection, checkfirst=True)
