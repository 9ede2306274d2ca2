"""Files of iWISP: its customers panel (IW-4..15)."""

from collections.abc import Mapping
from dataclasses import dataclass

from caudal.core.columns import names
from caudal.core.ports.importer import Field, Importer
from caudal.integrations import Manifest


@dataclass(frozen=True, slots=True)
class Config:
    """Nothing to set."""


_COLUMNS = names(
    {
        Field.NAME: "nombre|cliente|nombre del cliente",
        Field.PHONES: "telefono",
        Field.ADDRESS: "direccion|domicilio",
        Field.ZONE: "localidad|zona",
        Field.PLAN: "paquete|paquete contratado",
        Field.PAYMENT_DAY: "dia de pago|fecha de pago|dia pago",
        Field.ROUTER: "mikrotik|mikrotik asociado",
        Field.IP_ADDRESS: "ip|direccion ip",
        Field.MAC: "mac|direccion mac",
        Field.MEDIUM: "tipo de conexion|conexion",
        Field.RFID_CARD: "tarjeta rfid|rfid",
        Field.STATE: "estatus|estado|status",
        Field.MORE_NOTES: "servicios extra|extras|servicios adicionales",
    }
)


class Iwisp(Importer):
    columns: Mapping[str, Field] = _COLUMNS


MANIFEST = Manifest("iwisp", "iWISP", Config, lambda config: Iwisp())
