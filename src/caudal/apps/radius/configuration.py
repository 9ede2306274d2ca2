"""The complete configuration of FreeRADIUS 3.2 for this database, as files in a folder."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caudal.apps.radius.queries import QUERIES, READ, WRITTEN

TEMPLATES = Path(__file__).parent / "freeradius"
OWN_ROLE = "caudal_radius"
DEFAULT_PORTS = (1812, 1813)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the operator may choose. `database` is Django's settings of the connection.

    `role` and `password` are those of FreeRADIUS in PostgreSQL; empty: the product's own.
    """

    database: dict[str, Any]
    folder: Path
    state: Path
    listen: str = "*"
    auth_port: int = DEFAULT_PORTS[0]
    acct_port: int = DEFAULT_PORTS[1]
    threads: int = 32
    user: str = ""
    role: str = ""
    password: str = ""
    libraries: str = "/usr/lib/freeradius"
    lifetime: int = 60
    """Seconds that a router's secret is remembered."""


def new_password() -> str:
    return secrets.token_urlsafe(18)


def write(choices: Choices) -> list[Path]:
    """Write every file, readable by its owner alone; the paths written."""
    values = _values(choices)
    written = []
    for source in sorted(TEMPLATES.rglob("*")):
        if source.is_file():
            target = choices.folder / source.relative_to(TEMPLATES)
            written.append(_write(target, _filled(source.read_text(), values)))
    if choices.role and _dialect(choices) == "postgresql":
        written.append(_write(choices.folder / "grants.sql", grants(choices)))
    choices.state.mkdir(parents=True, exist_ok=True)
    return written


def grants(choices: Choices) -> str:
    """SQL that makes the role of FreeRADIUS: it reads answers, writes what it heard, no more."""
    role, name = choices.role, choices.database["NAME"]
    lines = [
        "DO $$ BEGIN",
        f"  CREATE ROLE {role} LOGIN;",
        "EXCEPTION WHEN duplicate_object THEN NULL; END $$;",
        f"ALTER ROLE {role} PASSWORD '{choices.password}';",
        f'GRANT CONNECT ON DATABASE "{name}" TO {role};',
        f"GRANT USAGE ON SCHEMA public TO {role};",
        f"GRANT SELECT ON {', '.join(READ)} TO {role};",
        f"GRANT SELECT, INSERT, UPDATE ON {', '.join(WRITTEN)} TO {role};",
        *(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {role};" for table in WRITTEN),
    ]
    return "\n".join(lines) + "\n"


def _values(choices: Choices) -> dict[str, str]:
    identity = f"    user = {choices.user}\n    group = {choices.user}" if choices.user else ""
    return {
        "state": str(choices.state),
        "folder": str(choices.folder),
        "libraries": choices.libraries,
        "identity": identity,
        "threads": str(choices.threads),
        "connections": str(choices.threads + 4),
        "first_threads": str(min(5, choices.threads)),
        "lifetime": str(choices.lifetime),
        "dialect": _dialect(choices),
        "connection": _connection(choices),
        "listen": choices.listen,
        "auth_port": str(choices.auth_port),
        "acct_port": str(choices.acct_port),
        **QUERIES,
    }


def _dialect(choices: Choices) -> str:
    engine = str(choices.database["ENGINE"]).rsplit(".", 1)[-1]
    return "postgresql" if engine == "postgresql" else "sqlite"


def _connection(choices: Choices) -> str:
    database = choices.database
    if _dialect(choices) == "sqlite":
        path = _quoted(str(database["NAME"]))
        return f"    sqlite {{\n        filename = {path}\n        busy_timeout = 5000\n    }}"
    options = database.get("OPTIONS", {})
    pairs = {
        "server": database["HOST"] or options.get("host") or "localhost",
        "port": database["PORT"] or 5432,
        "login": choices.role or database["USER"],
        "password": choices.password if choices.role else database["PASSWORD"],
        "radius_db": database["NAME"],
    }
    lines = [f"    {name} = {_quoted(str(value))}" for name, value in pairs.items()]
    return "\n".join([*lines, "    postgresql {\n        send_application_name = yes\n    }"])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
    return path
