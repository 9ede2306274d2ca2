"""Files of Mikrowisp: its customers list."""

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
        Field.CUSTOMER_KEY: "id|id cliente|nro cliente",
        Field.NAME: "cliente|nombre|nombre completo",
        Field.DOCUMENT_NUMBER: "cedula|dni c i|identificacion|nro identificacion",
        Field.PHONES: "movil|telefono movil",
        Field.MORE_PHONES: "telefono|telefono fijo",
        Field.EMAILS: "correo|correo electronico",
        Field.ADDRESS: "direccion principal|direccion",
        Field.ZONE: "zona|ubicacion zona",
        Field.PLAN: "plan|plan contratado|perfil internet",
        Field.IP_ADDRESS: "ip|ipv4|direccion ip",
        Field.MAC: "mac|mac cpe",
        Field.ROUTER: "router|nodo router",
        Field.USERNAME: "usuario pppoe|user ppp hotspot|pppuser",
        Field.PASSWORD: "password pppoe|pass ppp hotspot|ppppass",
        Field.STATE: "estado|status",
        Field.PAYMENT_DAY: "dia pago|dia de pago|dia facturacion",
        Field.DEBT: "total cobrar|deuda actual|deuda",
        Field.REGISTERED_ON: "fecha ingreso|instalado",
        Field.POSITION: "coordenadas",
        Field.RFID_CARD: "tarjeta",
        Field.PORTAL_USER: "usuario portal",
        Field.MORE_NOTES: "emisor|caja nap|puerto nap|sn onu|facturas impagas",
    }
)


class Mikrowisp(Importer):
    columns: Mapping[str, Field] = _COLUMNS


MANIFEST = Manifest("mikrowisp", "Mikrowisp", Config, lambda config: Mikrowisp())
