"""What the toolbox asks of whoever looks at a page: may you do this?"""

from typing import Protocol

from django.http import HttpRequest


class Person(Protocol):
    def may(self, verb: str) -> bool:
        """Whether he may do the act that a room calls `verb`, e.g. "payments.register"."""
        ...


class Nobody:
    """Whoever has not signed in."""

    def may(self, verb: str) -> bool:
        return False


def person_of(request: HttpRequest) -> Person:
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else Nobody()


class May:
    """`{% if may.payments_register %}`: the verb with its first dot as an underscore."""

    def __init__(self, person: Person) -> None:
        self._person = person

    def __getitem__(self, name: str) -> bool:
        return self._person.may(name.replace("_", ".", 1))
