"""Files of ISPCube: its customers as exported to Excel (IC-31)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from caudal.core.columns import names
from caudal.core.ports.importer import Field, Importer, Values
from caudal.integrations import Manifest


@dataclass(frozen=True, slots=True)
class Config:
    """Nothing to set."""


_COLUMNS = names(
    {
        Field.CODE: "codigo cliente|codigo",
        Field.NAME: "nombre empresa cliente|nombre empresa|cliente",
        Field.NICKNAME: "apodo sobrenombre|apodo|sobrenombre",
        Field.LEGAL_ADDRESS: "domicilio fiscal|direccion fiscal",
        Field.ADDRESS: "direccion|domicilio",
        Field.CUSTOMER_TYPE: "tipo cliente|tipo de cliente",
        Field.DOCUMENT_TYPE: "tipo id|tipo documento",
        Field.DOCUMENT_NUMBER: "nro id|numero id|nro documento",
        Field.COMPANY: "nro empresa|empresa",
        Field.STREET_1: "calle 1|entre calle",
        Field.STREET_2: "calle 2|y calle",
        Field.POSTAL_CODE: "cod postal|codigo postal",
        Field.CITY: "localidad",
        Field.LATITUDE: "lat",
        Field.LONGITUDE: "lng",
        Field.REGISTERED_ON: "fecha alta|fecha de alta",
        Field.EXTRA_1: "extra 1",
        Field.EXTRA_2: "extra 2",
        Field.PHONES: "telefono",
        Field.EMAILS: "mail",
        Field.CONTACT_PERSON: "persona de contacto|contacto",
        Field.ELECTRONIC_PAYMENT_CODE: "codigo de pago electronico",
        Field.ADMIN_STATUS: "estado administrativo",
        Field.STATE: "estado conexion|bloqueado",
        Field.PAYMENT_METHOD: "forma de pago",
        Field.CONTRACT_SIGNED: "contrato firmado",
        Field.CONTRACT_TYPE: "tipo contrato",
        Field.CONTRACT_EXPIRES_ON: "vencimiento contrato|vto contrato",
        Field.MAY_BE_CUT: "bloquear",
        Field.MAY_BE_NOTIFIED: "preaviso",
        Field.BUSINESS_ACTIVITY: "giro|giro comercial",
        Field.ROUTER: "nodo|nas",
        Field.CREDIT: "saldo|saldo cta cte",
        Field.PLAN: "plan|abono",
        Field.MORE_NOTES: "cobrador|vendedor|gratis",
    }
)


class IspCube(Importer):
    columns: Mapping[str, Field] = _COLUMNS

    def tidy(self, rows: Sequence[Values], survey: frozenset[str] | None = None) -> list[Values]:
        """Its balances are positive in the customer's favour (IC-8), and codes that begin with ZZ
        are customers it hides (IC-27): those come in as cancelled."""
        return [_shown(row) for row in rows]


def _shown(row: Values) -> Values:
    row = dict(row)
    if row.get(Field.CODE, "").upper().startswith("ZZ"):
        row.setdefault(Field.STATE, "cancelado")
    return row


MANIFEST = Manifest("ispcube", "ISPCube", Config, lambda config: IspCube())
