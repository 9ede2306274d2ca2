"""The description of the API: as OpenAPI for programs, and as a page for people."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView

from caudal.apps.staff.access import requires
from caudal.apps.staff.tokens import VerbPermission
from caudal.apps.staff.verbs import Verb
from caudal.web import menu

menu.register(
    menu.Item(gettext_lazy("API"), "api", "api", Verb.EXPORT_CUSTOMERS, order=95, group="system")
)

METHODS = ("get", "post", "put", "patch", "delete")


class Description(SpectacularAPIView):
    """OpenAPI 3; whoever may see customers may read it."""

    permission_classes = [VerbPermission]
    verbs = {"GET": Verb.SEE_CUSTOMERS}


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    required: bool
    text: str


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    text: str
    asked: tuple[Field, ...]
    """What goes into the address."""
    sent: tuple[Field, ...]
    """What goes into the body."""


@requires(Verb.EXPORT_CUSTOMERS)
def page(request: HttpRequest) -> HttpResponse:
    operations = operations_in(get_language() or "")
    return render(request, "web/api.html", {"title": _("API"), "operations": operations})


@cache
def operations_in(language: str) -> list[Operation]:
    """Every operation, worded in the active `language`; reading all views takes a second."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    schema: dict[str, Any] = generator.get_schema(public=True)  # type: ignore[no-untyped-call]
    return [
        _operation(schema, path, method, found[method])
        for path, found in schema["paths"].items()
        for method in METHODS
        if method in found
    ]


def _operation(schema: dict[str, Any], path: str, method: str, found: dict[str, Any]) -> Operation:
    asked = [
        _field(schema, each["name"], each["schema"], each.get("required", False), each)
        for each in found.get("parameters", [])
    ]
    content = found.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = _resolved(schema, content.get("schema", {}))
    needed = body.get("required", [])
    sent = [
        _field(schema, name, shape, name in needed, {})
        for name, shape in body.get("properties", {}).items()
        if not shape.get("readOnly")
    ]
    return Operation(method.upper(), path, found.get("description", ""), tuple(asked), tuple(sent))


def _field(
    schema: dict[str, Any], name: str, shape: dict[str, Any], required: bool, more: dict[str, Any]
) -> Field:
    full = _resolved(schema, shape)
    kind = full.get("format") or full.get("type", "")
    if "enum" in full:
        kind = ", ".join(str(value) for value in full["enum"] if value)
    return Field(name, kind, required, more.get("description") or shape.get("description", ""))


def _resolved(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    """The shape that a reference names; of several that must all hold, the first."""
    for several in ("allOf", "oneOf", "anyOf"):
        if several in shape:
            return _resolved(schema, shape[several][0])
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        return _resolved(schema, schema["components"]["schemas"][name])
    return shape
