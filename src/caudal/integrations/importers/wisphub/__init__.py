"""Files of WispHub: its customers list as exported to CSV (one row per service)."""

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
        Field.SERVICE_KEY: "id servicio|id|no servicio",
        Field.CUSTOMER_KEY: "usuario",
        Field.NAME: "nombre",
        Field.SURNAMES: "apellidos",
        Field.DOCUMENT_NUMBER: "cedula",
        Field.TAX_NUMBER: "rfc",
        Field.PHONES: "telefono",
        Field.EMAILS: "email",
        Field.ADDRESS: "direccion",
        Field.NEIGHBOURHOOD: "localidad",
        Field.CITY: "ciudad",
        Field.ZONE: "zona",
        Field.POSITION: "coordenadas",
        Field.PLAN: "plan internet",
        Field.PRICE: "precio plan",
        Field.STATE: "estado",
        Field.ROUTER: "router",
        Field.USERNAME: "servicio|user pppoe|usuario pppoe|usuario pppoe hotspot",
        Field.PASSWORD: "password pppoe hotspot|password hotspot pppoe|password servicio",
        Field.IP_ADDRESS: "ip",
        Field.LOCAL_ADDRESS: "local address pppoe|ip local",
        Field.MAC: "mac cpe|mac address",
        Field.DEBT: "saldo",
        Field.STARTED_ON: "fecha instalacion",
        Field.CANCELLED_ON: "fecha cancelacion",
        Field.REGISTERED_ON: "fecha registro",
        Field.PAYMENT_DAY: "dia pago|fecha pago",
        Field.MEDIUM: "tipo conexion",
        Field.ANTENNA_MODEL: "modelo antena",
        Field.ANTENNA_PASSWORD: "password cpe",
        Field.MODEM_DATA: "modelo router wifi",
        Field.NOTES: "comentarios",
        Field.MAY_BE_NOTIFIED: "aviso pantalla",
        Field.MORE_NOTES: "informacion adicional|sn onu|interfaz lan|sectorial|tecnico|"
        "ssid router wifi|mac router wifi|ip router wifi|forma contratacion|estado facturas|"
        "fecha corte|tipo antena",
    }
)


class WispHub(Importer):
    """Its cancelled services carry addresses that serve nobody (WH-41); the caller tells them
    by `core.addressing.is_fake_release`, which needs the state as well."""

    columns: Mapping[str, Field] = _COLUMNS

    def tidy(self, rows: Sequence[Values], survey: frozenset[str] | None = None) -> list[Values]:
        """The portal user `maria@company` becomes the customer's portal user as well."""
        return [
            row | {Field.PORTAL_USER: row[Field.CUSTOMER_KEY]}
            if Field.CUSTOMER_KEY in row and Field.PORTAL_USER not in row
            else dict(row)
            for row in rows
        ]


MANIFEST = Manifest("wisphub", "WispHub", Config, lambda config: WispHub())
