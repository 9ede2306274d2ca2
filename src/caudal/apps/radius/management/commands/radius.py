"""`caudal radius config DIR`: write the configuration of FreeRADIUS for this installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from caudal.apps.radius import configuration as conf


class Command(BaseCommand):
    """Everything that FreeRADIUS 3.2 needs; its own files are not touched."""

    help = "write the complete configuration of FreeRADIUS 3.2 for this installation"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["config"])
        parser.add_argument("folder", type=Path, help="where the files are written")
        parser.add_argument("--state", type=Path, help="log and pid (default: FOLDER/state)")
        parser.add_argument("--listen", default="*", help="address to listen on (default: all)")
        parser.add_argument("--auth-port", type=int, default=conf.DEFAULT_PORTS[0])
        parser.add_argument("--acct-port", type=int, default=conf.DEFAULT_PORTS[1])
        parser.add_argument("--threads", type=int, default=32)
        parser.add_argument("--user", default="", help="system user that FreeRADIUS becomes")
        parser.add_argument(
            "--role", default=conf.OWN_ROLE,
            help="its role in PostgreSQL; empty: the product's own",
        )  # fmt: skip
        parser.add_argument("--password", default="", help="of that role (default: a random one)")
        parser.add_argument("--libraries", default="/usr/lib/freeradius")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"].resolve()
        named = ("listen", "auth_port", "acct_port", "threads", "user", "role", "libraries")
        choices = conf.Choices(
            database=connection.settings_dict,
            folder=folder,
            state=(options["state"] or folder / "state").resolve(),
            password=options["password"] or conf.new_password(),
            **{name: options[name] for name in named},
        )
        for path in conf.write(choices):
            self.stdout.write(str(path))
        self.stdout.write(f"freeradius -XC -d {folder}   # checks it")
        self.stdout.write(f"freeradius -f -d {folder}    # runs it")
