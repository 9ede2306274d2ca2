"""The `caudal` command: its own subcommands, and every Django command under one name."""

import os
import sys
from importlib import import_module

OWN = {
    "demo": ("demo", "panel, worker and practice routers with a made-up provider, on SQLite"),
    "serve": ("serving", "the panel in production (DATABASE_URL, PORT ...; see README.md)"),
    "test": ("testing", "install what the tests need and run them, on SQLite and on PostgreSQL"),
    "check": ("checking", "style, types, walls between rooms, migrations, texts, deployment"),
    "format": ("formatting", "lay out code and templates as check wants them"),
    "bench": ("benching", "measure lists, billing runs and cuts on PostgreSQL"),
    "labs": ("labs", "trials with real programs: FreeRADIUS, PPPoE, Linux routers"),
    "lock": ("locking", "write the lock files anew from pyproject.toml"),
    "messages": ("messages", "gather the texts of the screens into the catalogues"),
    "parity": ("parity", "write docs/parity.md anew from its tables"),
}
"""Name -> (module of caudal.project with a `main`, what it does)."""

DJANGO = {
    "worker": "do what time asks for: invoices, notices, cuts, routers, messages",
    "tick": "one pass over everything that is due, then end",
    "migrate": "bring the database to the present version",
    "radius": "write the configuration of FreeRADIUS: radius config FOLDER",
    "import": "take over customers of a file, or what a router holds",
}


def main() -> int:
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name in ("help", "-h", "--help") and len(sys.argv) < 3:
        print(usage())
        return 0
    if name in OWN:
        sys.argv = [f"caudal {name}", *sys.argv[2:]]
        return int(import_module(f"caudal.project.{OWN[name][0]}").main() or 0)
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.project.settings")
    execute_from_command_line(["caudal", *sys.argv[1:]])
    return 0


def usage() -> str:
    shown = {name: text for name, (_, text) in OWN.items()} | DJANGO
    lines = [f"  {name:10}{text}" for name, text in shown.items()]
    return "\n".join(
        [
            "./caudal COMMAND",
            *lines,
            "and every Django command; ./caudal help COMMAND explains one.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
