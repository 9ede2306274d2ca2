"""The address of the test's own database, for programs that a test starts beside itself."""

import os
from urllib.parse import urlsplit, urlunsplit

from django.db import connection


def test_database_url() -> str:
    """DATABASE_URL of the database that this test runs on; it must be a test that commits."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))


test_database_url.__test__ = False  # type: ignore[attr-defined]
