"""Makes the first owner of a new installation, or gives an owner a new password."""

import os
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from caudal.apps.clock.now import now
from caudal.apps.staff import actions
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import Role, User

ACTOR = Actor.system("create_owner")


class Command(BaseCommand):
    help = "Creates an owner: who may do everything, and gives the others their users."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", help="asked for when missing")
        parser.add_argument("--name", help="the person's name; the user name when missing")
        parser.add_argument("--email", default="")
        parser.add_argument(
            "--reset",
            action="store_true",
            help="give an existing user a new password, without the code of the phone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """The password comes from CAUDAL_OWNER_PASSWORD or is asked for: never from an argument,
        which other users of the machine could read."""
        username = options["username"] or input("User name: ").strip()
        user = User.objects.filter(username__iexact=username).select_related("role").first()
        if user is not None and not options["reset"]:
            raise CommandError(f"there is already a user {username}; --reset gives a new password")
        password = os.environ.get("CAUDAL_OWNER_PASSWORD") or _ask()
        _check(password, user or User(username=username, email=options["email"]))
        if user is not None:
            actions.set_password(actor=ACTOR, now=now(), user=user, password=password)
            actions.remove_second_factor(actor=ACTOR, now=now(), user=user)
        else:
            actions.create_user(
                actor=ACTOR,
                now=now(),
                username=username,
                name=options["name"] or username,
                email=options["email"],
                password=password,
                role=Role.objects.get(code="owner"),
            )
        self.stdout.write(f"{username} may sign in.")


def _ask() -> str:
    password = getpass("Password: ")
    if password != getpass("Again: "):
        raise CommandError("the two passwords are not the same")
    return password


def _check(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
