"""Identity documents per country: whose they are, how they are written, how they are checked."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import exceptions as wrong

from caudal.apps.customers.models import PersonKind
from caudal.core.text import key


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A kind of document. With neither `checks` nor `shape` any number is taken."""

    code: str
    checks: tuple[str, ...] = ()
    """The stdnum modules of which one must accept the number."""
    shape: str = ""
    """Where no check digit is known: the whole number without spaces and signs, as a pattern."""
    whose: str = ""
    """The only kind of person that has one; empty: everybody."""
    natural: str = ""
    """How the number of a natural person looks, where it tells; also as a pattern."""
    legal: str = ""
    example: str = ""


PASSPORT, OTHER = "Pasaporte", "Otro"
_PERSON, _FIRM = PersonKind.NATURAL.value, PersonKind.LEGAL.value
_FREE = (DocumentType(PASSPORT, whose=_PERSON), DocumentType(OTHER))

# Who holds which number: SAT (RFC of 12 or 13 signs), AFIP (prefixes of CUIT), SUNAT (10 and 20),
# Receita Federal, AEAT (letters of companies), SENIAT (J and G are companies and the State).
DOCUMENTS: dict[str, tuple[DocumentType, ...]] = {
    "MX": (
        DocumentType(
            "RFC",
            ("mx.rfc",),
            natural=r".{13}",
            legal=r".{12}|XEXX010101000",
            example="GODE561231GR8",
        ),
        DocumentType("CURP", ("mx.curp",), whose=_PERSON, example="BOXW310820HNERXN09"),
        DocumentType("INE", shape=r"[A-Z]{6}\d{8}[HM]\d{3}|\d{9,13}", whose=_PERSON),
    ),
    "AR": (
        DocumentType("DNI", ("ar.dni",), whose=_PERSON, example="20.123.456"),
        DocumentType("CUIT", ("ar.cuit",), natural=r"2\d*", legal=r"3\d*", example="20-05536168-2"),
        DocumentType("CUIL", ("ar.cuit",), whose=_PERSON, natural=r"2\d*"),
    ),
    "BO": (DocumentType("CI", whose=_PERSON), DocumentType("NIT", shape=r"\d{5,15}")),
    "BR": (
        DocumentType("CPF", ("br.cpf",), whose=_PERSON, example="390.533.447-05"),
        DocumentType("CNPJ", ("br.cnpj",), whose=_FIRM, example="16.727.230/0001-97"),
    ),
    "CL": (DocumentType("RUT", ("cl.rut",), example="12.531.909-2"),),
    "CO": (
        DocumentType("CC", shape=r"\d{3,10}", whose=_PERSON, example="1020304050"),
        DocumentType("NIT", ("co.nit",), example="213.123.432-1"),
        DocumentType("CE", shape=r"[A-Z0-9]{4,12}", whose=_PERSON),
        DocumentType("TI", shape=r"\d{10,11}", whose=_PERSON),
    ),
    "CR": (
        DocumentType("CPF", ("cr.cpf",), whose=_PERSON, example="03-0455-0175"),
        DocumentType("CPJ", ("cr.cpj",), whose=_FIRM, example="3-101-999999"),
        DocumentType("DIMEX", ("cr.cr",), whose=_PERSON),
    ),
    "CU": (DocumentType("NI", ("cu.ni",), whose=_PERSON),),
    "DO": (
        DocumentType("Cédula", ("do.cedula",), whose=_PERSON, example="001-1391820-5"),
        DocumentType("RNC", ("do.rnc",), example="1-31-24679-6"),
    ),
    "EC": (
        DocumentType("CI", ("ec.ci",), whose=_PERSON, example="171430710-3"),
        DocumentType("RUC", ("ec.ruc",), example="1792060346-001"),
    ),
    "ES": (
        DocumentType(
            "NIF",
            ("es.nif",),
            natural=r"(\d|[KLMXYZ]).*",
            legal=r"[ABCDEFGHJNPQRSUVW].*",
            example="54362315K",
        ),
        DocumentType("NIE", ("es.nie",), whose=_PERSON, example="X2482300W"),
    ),
    "GT": (
        DocumentType("DPI", shape=r"\d{13}", whose=_PERSON),
        DocumentType("NIT", ("gt.nit",), example="576937-K"),
    ),
    "HN": (
        DocumentType("DNI", shape=r"\d{13}", whose=_PERSON, example="0801-1990-12345"),
        DocumentType("RTN", shape=r"\d{14}"),
    ),
    "NI": (
        DocumentType("Cédula", shape=r"\d{13}[A-Z]", whose=_PERSON, example="001-010190-0001A"),
        DocumentType("RUC", shape=r"[A-Z]\d{13}"),
    ),
    "PA": (DocumentType("Cédula", whose=_PERSON, example="8-123-456"), DocumentType("RUC")),
    "PE": (
        DocumentType("DNI", ("pe.cui",), whose=_PERSON, example="10117410"),
        DocumentType("RUC", ("pe.ruc",), natural=r"1\d*", legal=r"2\d*", example="20512333797"),
        DocumentType("CE", shape=r"\d{9}|[A-Z0-9]{12}", whose=_PERSON),
    ),
    "PY": (
        DocumentType("CI", shape=r"\d{5,8}", whose=_PERSON),
        DocumentType("RUC", ("py.ruc",), example="80028061-0"),
    ),
    "SV": (
        DocumentType("DUI", shape=r"\d{9}", whose=_PERSON, example="01234567-8"),
        DocumentType("NIT", ("sv.nit",), example="0614-050707-104-8"),
    ),
    "UY": (
        DocumentType("CI", shape=r"\d{7,8}", whose=_PERSON, example="1.234.567-2"),
        DocumentType("RUT", ("uy.rut",), example="21-100342-001-7"),
    ),
    "VE": (
        DocumentType("CI", shape=r"[VE]?\d{5,8}", whose=_PERSON, example="V-12345678"),
        DocumentType(
            "RIF", ("ve.rif",), natural=r"[VEP].*", legal=r"[JGC].*", example="V-11470283-4"
        ),
    ),
}
"""Country (ISO 3166) -> its documents; every country also has a passport and a free one."""


def types_of(country: str, person: str = "") -> tuple[DocumentType, ...]:
    """The documents of the country, or those that this kind of person has."""
    found = (*DOCUMENTS.get(country, ()), *_FREE)
    if person not in (_PERSON, _FIRM):
        return found
    return tuple(kind for kind in found if kind.whose in ("", person))


def choices_of(country: str, person: str = "") -> list[tuple[str, str]]:
    """Code and label of each document, for a form."""
    labels = {PASSPORT: gettext_lazy("Passport"), OTHER: gettext_lazy("Other document")}
    return [
        (kind.code, str(labels.get(kind.code, kind.code))) for kind in types_of(country, person)
    ]


def type_of(country: str, code: str) -> DocumentType:
    """A kind that the country does not know takes any number."""
    return next((kind for kind in types_of(country) if kind.code == code), DocumentType(code))


def recognise(country: str, number: str, person: str = "") -> str:
    """Which of the country's documents the number is, the usual one first.

    "" where none fits, or where a check digit fits by chance what may be another one.
    """
    fitting = [kind for kind in types_of(country, person) if _fits(country, kind, number, person)]
    checked = [kind.code for kind in fitting if kind.checks]
    shaped = [kind.code for kind in fitting if not kind.checks]
    if checked and shaped:
        return ""
    return next(iter(checked or shaped), "")


def read_document(country: str, code: str, number: str, person: str = "") -> str:
    """The number in its usual form; a kind that the country does not know is not checked.

    Raises ValidationError where the check digit, the length or the letters cannot be right, and
    where such a number belongs to the other kind of person.
    """
    kind, typed = type_of(country, code), " ".join(number.split())
    bare = key(typed).upper()
    if kind.shape and not re.fullmatch(kind.shape, bare):
        raise _refusal(code, typed, _shape_hint(kind))
    found = _checked(kind, typed)
    _require_whose(kind, typed, bare, person)
    return found


def _fits(country: str, kind: DocumentType, number: str, person: str) -> bool:
    if not (kind.checks or kind.shape):
        return False
    try:
        return bool(read_document(country, kind.code, number, person))
    except ValidationError:
        return False


def _checked(kind: DocumentType, typed: str) -> str:
    problems = []
    for module in map(_module, kind.checks):
        try:
            return _formatted(module, typed)
        except wrong.ValidationError as error:
            problems.append(error)
    if problems:
        raise _refusal(kind.code, typed, _why(problems[0]))
    return typed


def _require_whose(kind: DocumentType, typed: str, bare: str, person: str) -> None:
    if kind.whose and person in (_PERSON, _FIRM) and kind.whose != person:
        raise _refusal(kind.code, typed, _other_person(person))
    look = {_PERSON: kind.natural, _FIRM: kind.legal}.get(person, "")
    if look and not re.fullmatch(look, bare):
        raise _refusal(kind.code, typed, _other_person(person))


def _other_person(person: str) -> str:
    if person == _FIRM:
        return _("it is of a natural person, and this is a legal one")
    return _("it is of a legal person, and this is a natural one")


def _shape_hint(kind: DocumentType) -> str:
    digits = re.fullmatch(r"\\d\{(\d+)\}", kind.shape)
    if digits:
        return _("it has %(digits)s digits") % {"digits": digits[1]}
    return _("its letters or digits are not right")


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
