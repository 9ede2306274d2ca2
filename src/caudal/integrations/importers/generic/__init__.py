"""A table that people made themselves: only the names that anybody would use."""

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
        Field.SERVICE_KEY: "id servicio|id contrato|contrato|no contrato|service id|nro contrato",
        Field.CUSTOMER_KEY: "id cliente|id usuario|customer id|client id",
        Field.CODE: "codigo|codigo de cliente|codigo cliente|numero de cliente|no cliente|code|"
        "no de cliente|num cliente",
        Field.NAME: "nombre|nombre completo|cliente|nombre del cliente|razon social|name|"
        "full name|titular|abonado|nombre y apellido|nombres y apellidos|"
        "nombre empresa cliente",
        Field.SURNAMES: "apellidos|apellido|last name|surname",
        Field.FIRST_NAME: "primer nombre|first name|nombres",
        Field.SECOND_NAME: "segundo nombre|middle name",
        Field.FIRST_SURNAME: "primer apellido|apellido paterno",
        Field.SECOND_SURNAME: "segundo apellido|apellido materno",
        Field.NICKNAME: "apodo|sobrenombre|nombre comercial|nombre de fantasia|nickname|alias",
        Field.PERSON_KIND: "tipo de persona|tipo persona|person type",
        Field.CUSTOMER_TYPE: "tipo de cliente|tipo cliente|categoria",
        Field.DOCUMENT_TYPE: "tipo de documento|tipo documento|tipo doc|tipo de identificacion",
        Field.DOCUMENT_NUMBER: "documento|cedula|dni|nro documento|numero de documento|rfc|curp|"
        "identificacion|documento cedula|cuit|cuil|ruc|rut|nit|ine|document|id number|"
        "no documento",
        Field.BUSINESS_ACTIVITY: "giro|actividad|actividad comercial|giro comercial",
        Field.CONTACT_PERSON: "contacto|persona de contacto|contact",
        Field.PHONES: "telefono|telefonos|tel|celular|movil|phone|telefono celular|whatsapp|"
        "numero de telefono|mobile|cel",
        Field.MORE_PHONES: "telefono 2|otro telefono|telefono alterno|telefono fijo|celular 2|"
        "telefono secundario|telefono movil",
        Field.EMAILS: "email|e mail|correo|correo electronico|mail|emails|correos",
        Field.MORE_EMAILS: "emails a notificar|otro correo|correo 2|email 2|email secundario",
        Field.ZONE: "zona|localidad|zone|sector|comunidad|poblacion",
        Field.ADDRESS: "direccion|domicilio|address|direccion principal|calle|direccion real|"
        "direccion de instalacion|direccion servicio",
        Field.STREET_1: "entre calle|entre calle 1|calle 1",
        Field.STREET_2: "y calle|entre calle 2|calle 2",
        Field.NEIGHBOURHOOD: "barrio|colonia|neighborhood|urbanizacion|fraccionamiento",
        Field.CITY: "ciudad|municipio|city",
        Field.PROVINCE: "provincia|departamento|region|state|provincia estado region|"
        "estado provincia|entidad federativa",
        Field.POSTAL_CODE: "codigo postal|cp|c p|postal code|zip",
        Field.POSITION: "coordenadas|gps|ubicacion|posicion|coordinates|ubicacion gps|lat lng",
        Field.LATITUDE: "latitud|lat|latitude",
        Field.LONGITUDE: "longitud|lng|lon|long|longitude",
        Field.MEDIUM: "tipo de conexion|conexion|tipo conexion|medio|tecnologia",
        Field.ANTENNA_MODEL: "modelo antena|antena|modelo de antena|modelo cpe|equipo",
        Field.ANTENNA_PASSWORD: "password antena|clave antena|password cpe|contrasena antena",
        Field.MODEM_DATA: "modem|modelo router wifi|datos modem|router wifi",
        Field.RFID_CARD: "tarjeta rfid|rfid|tarjeta",
        Field.COMPANY: "empresa|emisor|company|empresa que factura",
        Field.LEGAL_ADDRESS: "direccion fiscal|domicilio fiscal|domicilio legal",
        Field.TAX_CONDITION: "condicion impositiva|condicion iva|regimen fiscal|condicion fiscal",
        Field.TAX_NUMBER: "numero de identificacion tributaria|id fiscal|tax id",
        Field.INVOICE_TYPE: "tipo de factura|tipo factura|tipo comprobante",
        Field.IS_INVOICED: "facturacion habilitada|facturar|se factura",
        Field.MAY_BE_CUT: "bloquear|corte automatico|se corta|suspender automaticamente",
        Field.MAY_BE_NOTIFIED: "preaviso|notificar|avisos|aviso en pantalla|notificacion",
        Field.PAYMENT_METHOD: "forma de pago|metodo de pago|payment method",
        Field.ELECTRONIC_PAYMENT_CODE: "codigo de pago electronico|codigo de pago|"
        "referencia de pago|informacion de pasarelas de pago",
        Field.CONTRACT_SIGNED: "contrato firmado",
        Field.CONTRACT_TYPE: "tipo de contrato",
        Field.CONTRACT_EXPIRES_ON: "vencimiento contrato|fin de contrato",
        Field.ADMIN_STATUS: "estado administrativo|etiqueta|situacion",
        Field.REGISTERED_ON: "fecha de alta|fecha alta|fecha registro|creado el|fecha de registro|"
        "registration date|created|fecha ingreso",
        Field.PORTAL_USER: "usuario portal|usuario del portal",
        Field.EXTRA_1: "extra 1|extra1",
        Field.EXTRA_2: "extra 2|extra2",
        Field.NOTES: "comentarios|observaciones|notas|comentario|nota|notes|comments",
        Field.PAYMENT_DAY: "dia de pago|dia pago|dia de corte|dia corte|payment day|dia de cobro|"
        "inicio de ciclo",
        Field.PLAN: "plan|plan internet|paquete|plan de internet|paquete contratado|"
        "servicio contratado|package|perfil|plan contratado",
        Field.PRICE: "precio|precio plan|costo|mensualidad|tarifa|price|monto|costo mensual|"
        "importe",
        Field.SPEED: "velocidad|speed|ancho de banda|subida bajada",
        Field.STATE: "estado|estatus|status|estado servicio|estado del servicio|estado contrato",
        Field.STARTED_ON: "fecha instalacion|fecha de instalacion|instalado|inicio de contrato|"
        "fecha inicio",
        Field.CANCELLED_ON: "fecha cancelacion|fecha de cancelacion|fecha baja|fecha de baja",
        Field.ROUTER: "router|mikrotik|nas|nodo|servidor|mikrotik asociado",
        Field.USERNAME: "usuario pppoe|user pppoe|pppoe user|usuario|secret|user|username|login|"
        "usuario servicio|pppoe",
        Field.PASSWORD: "password pppoe|clave pppoe|password|contrasena|contrasena pppoe|"
        "password servicio|password pppoe hotspot|password hotspot pppoe|clave",
        Field.IP_ADDRESS: "ip|direccion ip|ip address|remote address|ip asignada|ip cliente|"
        "ip fija",
        Field.PREFIX: "prefijo ipv6|ipv6 prefix|ipv6|prefijo delegado",
        Field.LOCAL_ADDRESS: "local address|local address pppoe|ip local|puerta de enlace",
        Field.MAC: "mac|mac address|direccion mac|mac cpe|mac antena",
        Field.DEBT: "saldo|deuda|adeudo|saldo pendiente|debt|balance|saldo deudor|total adeudado|"
        "balance de facturas impagas",
        Field.CREDIT: "saldo a favor|credito|credito disponible",
    }
)


class Generic(Importer):
    columns: Mapping[str, Field] = _COLUMNS


MANIFEST = Manifest("generic", "CSV / Excel", Config, lambda config: Generic())
