"""Files of Wispro: the 21 columns of its customers export (WP-52)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from caudal.core.columns import names
from caudal.core.ports.importer import Field, Importer, Values
from caudal.integrations import Manifest


@dataclass(frozen=True, slots=True)
class Config:
    """Nothing to set."""


_COLUMNS = names(
    {
        Field.CUSTOMER_KEY: "id cliente",
        Field.NAME: "nombre",
        Field.NOTES: "observaciones",
        Field.EMAILS: "e mail",
        Field.MORE_EMAILS: "emails a notificar",
        Field.PHONES: "telefono",
        Field.MORE_PHONES: "telefono celular",
        Field.ADDRESS: "direccion",
        Field.NEIGHBOURHOOD: "barrio",
        Field.ZONE: "zona",
        Field.DOCUMENT_NUMBER: "documento cedula",
        Field.CITY: "ciudad",
        Field.PROVINCE: "provincia estado region",
        Field.IS_INVOICED: "facturacion habilitada",
        Field.INVOICE_TYPE: "tipo de factura",
        Field.TAX_CONDITION: "condicion impositiva",
        Field.TAX_NUMBER: "numero de identificacion tributaria",
        Field.DEBT: "balance de facturas impagas",
        Field.ELECTRONIC_PAYMENT_CODE: "informacion de pasarelas de pago",
        Field.REGISTERED_ON: "creado el",
        Field.MORE_NOTES: "numero de facturas impagas|ultima modificacion",
    }
)
_PREFIX = re.compile(r"^\d+(?=[^\d@][^@]*@)")


class Wispro(Importer):
    columns: Mapping[str, Field] = _COLUMNS

    def survey(self, rows: Iterable[Values]) -> frozenset[str]:
        """Addresses that the file holds both with a number before them and without it."""
        numbered = {
            bare
            for row in rows
            for address in _addresses(row.get(Field.EMAILS, ""))
            if (bare := _PREFIX.sub("", address)) != address
        }
        return frozenset(
            address
            for row in rows
            for field in (Field.EMAILS, Field.MORE_EMAILS)
            for address in _addresses(row.get(field, ""))
            if address in numbered
        )

    def tidy(self, rows: Sequence[Values], survey: frozenset[str] | None = None) -> list[Values]:
        """Takes off the number that was put before an e-mail because two customers may not share
        one there (WP-45, WP-46); only where the file holds the address without it as well."""
        seen = self.survey(rows) if survey is None else survey
        return [
            {
                field: "; ".join(dict.fromkeys(_bare(one, seen) for one in _addresses(text)))
                if field is Field.EMAILS
                else text
                for field, text in row.items()
            }
            for row in rows
        ]


def _addresses(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,]", text) if part.strip()]


def _bare(address: str, seen: frozenset[str]) -> str:
    bare = _PREFIX.sub("", address)
    return bare if bare in seen else address


MANIFEST = Manifest("wispro", "Wispro", Config, lambda config: Wispro())
