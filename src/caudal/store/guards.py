"""Rules that the database keeps by itself, whoever writes: triggers and constraints by hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Guard:
    """The statements of both databases; SQLite's are trigger bodies by name.

    SQLite loses the triggers of a table that a migration makes anew: install them again there.
    """

    postgresql: str
    postgresql_down: str
    sqlite: Mapping[str, str]

    def install(self, connection: BaseDatabaseWrapper) -> None:
        """Put it up, in place of what stands."""
        self.remove(connection)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(self.postgresql)
                return
            for name, body in self.sqlite.items():
                cursor.execute(f"CREATE TRIGGER {name} {body}")

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        """Take it down; besides migrations only a test has a reason to."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(self.postgresql_down)
                return
            for name in self.sqlite:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
