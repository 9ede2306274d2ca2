"""What every page knows.

Templates ask permissions in one way: `{% if may.payments_register %}`, where the name is the verb
"payments.register" with its dot as an underscore (see `verbs.May`). Django's `perms` is not used.
"""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from caudal.web.menu import menu_of
from caudal.web.verbs import May, person_of

_provided: dict[str, Callable[[HttpRequest], object]] = {}


def provide(name: str, value: Callable[[HttpRequest], object]) -> None:
    """Let a room give every page a value, which is worked out only where a template uses it."""
    _provided[name] = value


def page(request: HttpRequest) -> dict[str, object]:
    context: dict[str, object] = {
        "is_demo": settings.DEMO,
        "may": May(person_of(request)),
        "menu": SimpleLazyObject(lambda: menu_of(request)),
        "is_fragment": bool(getattr(request, "htmx", False)),
    }
    for name, value in _provided.items():
        context[name] = SimpleLazyObject(partial(value, request))
    return context
