"""Identity documents per country, checked where their check digits are known."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import exceptions as wrong

from caudal.core.text import key


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A kind of document; `checks` names the stdnum modules of which one must accept the number."""

    code: str
    checks: tuple[str, ...] = ()
    digits: int = 0
    """Where there is no check digit: how many digits it has."""


PASSPORT, OTHER = "Pasaporte", "Otro"
_FREE = (DocumentType(PASSPORT), DocumentType(OTHER))

DOCUMENTS: dict[str, tuple[DocumentType, ...]] = {
    "MX": (
        DocumentType("RFC", ("mx.rfc",)),
        DocumentType("CURP", ("mx.curp",)),
        DocumentType("INE"),
    ),
    "AR": (
        DocumentType("DNI", ("ar.dni",)),
        DocumentType("CUIT", ("ar.cuit",)),
        DocumentType("CUIL", ("ar.cuit",)),
    ),
    "BO": (DocumentType("CI"), DocumentType("NIT")),
    "BR": (DocumentType("CPF", ("br.cpf",)), DocumentType("CNPJ", ("br.cnpj",))),
    "CL": (DocumentType("RUT", ("cl.rut",)),),
    "CO": (DocumentType("CC"), DocumentType("NIT", ("co.nit",)), DocumentType("CE")),
    "CR": (DocumentType("CPF", ("cr.cpf",)), DocumentType("CPJ", ("cr.cpj",))),
    "DO": (DocumentType("Cédula", ("do.cedula",)), DocumentType("RNC", ("do.rnc",))),
    "EC": (DocumentType("CI", ("ec.ci",)), DocumentType("RUC", ("ec.ruc",))),
    "ES": (DocumentType("NIF", ("es.nif",)), DocumentType("NIE", ("es.nie",))),
    "GT": (DocumentType("DPI"), DocumentType("NIT", ("gt.nit",))),
    "PE": (DocumentType("DNI", digits=8), DocumentType("RUC", ("pe.ruc",)), DocumentType("CE")),
    "PY": (DocumentType("CI"), DocumentType("RUC", ("py.ruc",))),
    "SV": (DocumentType("DUI"), DocumentType("NIT", ("sv.nit",))),
    "UY": (DocumentType("CI"), DocumentType("RUT", ("uy.rut",))),
    "VE": (DocumentType("CI"), DocumentType("RIF", ("ve.rif",))),
}
"""Country (ISO 3166) -> its documents; every country also has a passport and a free one."""


def types_of(country: str) -> tuple[DocumentType, ...]:
    return (*DOCUMENTS.get(country, ()), *_FREE)


def choices_of(country: str) -> list[tuple[str, str]]:
    """Code and label of each document of the country, for a form."""
    labels = {PASSPORT: gettext_lazy("Passport"), OTHER: gettext_lazy("Other document")}
    return [(kind.code, str(labels.get(kind.code, kind.code))) for kind in types_of(country)]


def read_document(country: str, code: str, number: str) -> str:
    """The number in its usual form; a kind that the country does not know is not checked.

    Raises ValidationError where the check digit, the length or the letters cannot be right.
    """
    kind = next((kind for kind in types_of(country) if kind.code == code), DocumentType(code))
    typed = " ".join(number.split())
    if kind.digits and not (key(typed).isdigit() and len(key(typed)) == kind.digits):
        raise _refusal(code, typed, _("it has %(digits)s digits") % {"digits": kind.digits})
    problems = []
    for module in map(_module, kind.checks):
        try:
            return _formatted(module, typed)
        except wrong.ValidationError as error:
            problems.append(error)
    if problems:
        raise _refusal(code, typed, _why(problems[0]))
    return typed


def _module(name: str) -> ModuleType:
    return import_module(f"stdnum.{name}")


def _formatted(module: ModuleType, number: str) -> str:
    number = module.validate(number)
    write: Callable[[str], str] = getattr(module, "format", str)
    return write(number)


def _why(error: wrong.ValidationError) -> str:
    if isinstance(error, wrong.InvalidLength):
        return _("its length is not right")
    if isinstance(error, wrong.InvalidChecksum):
        return _("its check digit does not match")
    return _("its letters or digits are not right")


def _refusal(code: str, number: str, why: str) -> ValidationError:
    return ValidationError(
        _("The %(kind)s “%(number)s” cannot be right: %(why)s."),
        code="document",
        params={"kind": code, "number": number[:40], "why": why},
    )
