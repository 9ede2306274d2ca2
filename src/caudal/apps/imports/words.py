"""What screens and results call the meanings of columns, and say of cells that cannot be read."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caudal.apps.network.words import explain_operation
from caudal.core.adoption import Reason
from caudal.core.cells import CellError, Fault
from caudal.core.ports.importer import Field, FileError, FileFault

LABELS: dict[str, str | Promise] = {
    Field.SERVICE_KEY: gettext_lazy("Service number there"),
    Field.CUSTOMER_KEY: gettext_lazy("Customer number there"),
    Field.CODE: gettext_lazy("Customer code"),
    Field.NAME: gettext_lazy("Name"),
    Field.SURNAMES: gettext_lazy("Surnames"),
    Field.FIRST_NAME: gettext_lazy("First name"),
    Field.SECOND_NAME: gettext_lazy("Second name"),
    Field.FIRST_SURNAME: gettext_lazy("First surname"),
    Field.SECOND_SURNAME: gettext_lazy("Second surname"),
    Field.NICKNAME: gettext_lazy("Trade name or nickname"),
    Field.PERSON_KIND: gettext_lazy("Kind of person"),
    Field.CUSTOMER_TYPE: gettext_lazy("Customer type"),
    Field.DOCUMENT_TYPE: gettext_lazy("Document type"),
    Field.DOCUMENT_NUMBER: gettext_lazy("Document number"),
    Field.BUSINESS_ACTIVITY: gettext_lazy("Business activity"),
    Field.CONTACT_PERSON: gettext_lazy("Contact person"),
    Field.PHONES: gettext_lazy("Phones"),
    Field.MORE_PHONES: gettext_lazy("More phones"),
    Field.EMAILS: gettext_lazy("E-mails"),
    Field.MORE_EMAILS: gettext_lazy("More e-mails"),
    Field.ZONE: gettext_lazy("Zone"),
    Field.ADDRESS: gettext_lazy("Address"),
    Field.STREET_1: gettext_lazy("Between street"),
    Field.STREET_2: gettext_lazy("And street"),
    Field.NEIGHBOURHOOD: gettext_lazy("Neighbourhood"),
    Field.CITY: gettext_lazy("City"),
    Field.PROVINCE: gettext_lazy("State or province"),
    Field.POSTAL_CODE: gettext_lazy("Postal code"),
    Field.POSITION: gettext_lazy("Position"),
    Field.LATITUDE: gettext_lazy("Latitude"),
    Field.LONGITUDE: gettext_lazy("Longitude"),
    Field.MEDIUM: gettext_lazy("Connection type"),
    Field.ANTENNA_MODEL: gettext_lazy("Antenna model"),
    Field.ANTENNA_PASSWORD: gettext_lazy("Antenna password"),
    Field.MODEM_DATA: gettext_lazy("Wi-Fi modem data"),
    Field.RFID_CARD: gettext_lazy("RFID card"),
    Field.COMPANY: gettext_lazy("Company that invoices"),
    Field.LEGAL_ADDRESS: gettext_lazy("Legal address"),
    Field.TAX_CONDITION: gettext_lazy("Tax condition"),
    Field.TAX_NUMBER: gettext_lazy("Tax number"),
    Field.INVOICE_TYPE: gettext_lazy("Invoice type"),
    Field.IS_INVOICED: gettext_lazy("Is invoiced"),
    Field.MAY_BE_CUT: gettext_lazy("May be cut"),
    Field.MAY_BE_NOTIFIED: gettext_lazy("May be notified"),
    Field.PAYMENT_METHOD: gettext_lazy("Payment method"),
    Field.ELECTRONIC_PAYMENT_CODE: gettext_lazy("Electronic payment code"),
    Field.CONTRACT_SIGNED: gettext_lazy("Contract signed"),
    Field.CONTRACT_TYPE: gettext_lazy("Contract type"),
    Field.CONTRACT_EXPIRES_ON: gettext_lazy("Contract expires"),
    Field.ADMIN_STATUS: gettext_lazy("Tags"),
    Field.REGISTERED_ON: gettext_lazy("Registration date"),
    Field.PORTAL_USER: gettext_lazy("Portal user"),
    Field.EXTRA_1: gettext_lazy("Extra 1"),
    Field.EXTRA_2: gettext_lazy("Extra 2"),
    Field.NOTES: gettext_lazy("Notes"),
    Field.MORE_NOTES: gettext_lazy("Add to the notes"),
    Field.PAYMENT_DAY: gettext_lazy("Payment day"),
    Field.PLAN: gettext_lazy("Plan"),
    Field.PRICE: gettext_lazy("Price"),
    Field.SPEED: gettext_lazy("Speed"),
    Field.STATE: gettext_lazy("State of the service"),
    Field.STARTED_ON: gettext_lazy("Installation date"),
    Field.CANCELLED_ON: gettext_lazy("Cancellation date"),
    Field.ROUTER: gettext_lazy("Router"),
    Field.USERNAME: gettext_lazy("PPPoE user"),
    Field.PASSWORD: gettext_lazy("PPPoE password"),
    Field.IP_ADDRESS: gettext_lazy("IP address"),
    Field.LOCAL_ADDRESS: gettext_lazy("Local address"),
    Field.PREFIX: gettext_lazy("IPv6 prefix"),
    Field.SERVER: gettext_lazy("Server of the router"),
    Field.INTERFACE: gettext_lazy("Interface of the router"),
    Field.MAC: gettext_lazy("MAC address"),
    Field.DEBT: gettext_lazy("Owes"),
    Field.CREDIT: gettext_lazy("In his favour"),
}

CELLS: dict[Fault, str | Promise] = {
    Fault.AMOUNT: gettext_lazy("“%(text)s” is not an amount."),
    Fault.DATE: gettext_lazy("“%(text)s” is not a date."),
    Fault.NO_SUCH_DATE: gettext_lazy("“%(text)s”: that date does not exist."),
    Fault.DAY: gettext_lazy("“%(text)s” is not a day of the month (1 to 31)."),
    Fault.ADDRESS: gettext_lazy("“%(text)s” is not an IP address."),
    Fault.MAC: gettext_lazy("“%(text)s” is not a MAC address."),
    Fault.YES_NO: gettext_lazy("“%(text)s” is neither yes nor no."),
    Fault.STATE: gettext_lazy("“%(text)s” is not a known state of a service."),
    Fault.DIGITS_LOST: gettext_lazy(
        "“%(text)s”: the spreadsheet has dropped digits. Type the number again, in a cell of text."
    ),
    Fault.COORDINATE: gettext_lazy("“%(text)s” is not a coordinate."),
}
"""What cannot be read, wherever it stands."""
_KEPT: dict[Fault, str | Promise] = {
    Fault.MAC: gettext_lazy("“%(text)s” is not a MAC address; it goes to the notes."),
    Fault.YES_NO: gettext_lazy("“%(text)s” is neither yes nor no; it goes to the notes."),
    Fault.DIGITS_LOST: gettext_lazy(
        "“%(text)s”: the spreadsheet has dropped digits of this phone; it goes to the notes."
    ),
    Fault.COORDINATE: gettext_lazy("“%(text)s” is not a coordinate; it goes to the notes."),
}
"""Of a new customer nothing is lost."""

_FILES: dict[FileFault, str | Promise] = {
    FileFault.EMPTY: gettext_lazy("The file is empty."),
    FileFault.NOT_A_TABLE: gettext_lazy("This is not a table: choose a CSV or Excel file."),
    FileFault.BROKEN_WORKBOOK: gettext_lazy("The workbook is damaged and cannot be opened."),
    FileFault.PASSWORD: gettext_lazy("The workbook has a password: save it without and try again."),
    FileFault.TOO_LARGE: gettext_lazy(
        "The workbook is too large once it is opened: save the sheet of the customers alone, or "
        "as CSV."
    ),
    FileFault.TOO_MANY_COLUMNS: gettext_lazy(
        "The file has more than %(detail)s columns: leave those that matter."
    ),
    FileFault.WEB_PAGE: gettext_lazy(
        "This is a web page, whatever its name ends with: open it in Excel, save it as XLSX or "
        "CSV, and bring that."
    ),
    FileFault.NO_ROWS: gettext_lazy("The file has no row below its headings."),
    FileFault.TOO_MANY_ROWS: gettext_lazy("The file has more than %(detail)s rows: split it."),
}


def field_label(field: str) -> str:
    """The meaning in the person's language; nothing for nothing."""
    return str(LABELS.get(field, field))


def told(error: CellError) -> str:
    return str(_KEPT.get(error.fault, CELLS[error.fault])) % {"text": error.text}


def told_of_file(error: FileError) -> str:
    return str(_FILES[error.fault]) % {"detail": error.detail or _("200,000")}


REASONS: dict[str, str | Promise] = {
    Reason.FULL_NAME: gettext_lazy("name and surname in the comment"),
    Reason.NAME_FROM_KEY: gettext_lazy("named after a person"),
    Reason.ONE_WORD: gettext_lazy("a single word for a name"),
    Reason.NO_NAME: gettext_lazy("no name at all"),
    Reason.INFRASTRUCTURE: gettext_lazy("sounds like equipment of your own"),
    Reason.PHONE: gettext_lazy("a phone"),
    Reason.SPEED_AGREES: gettext_lazy("the comment names its speed"),
    Reason.SPEED_DIFFERS: gettext_lazy("the comment names another speed"),
    Reason.NO_SPEED: gettext_lazy("no speed"),
    Reason.UNREAD_SPEED: gettext_lazy("limited in a way that was not understood: look there"),
    Reason.ONLINE: gettext_lazy("connected now"),
    Reason.OWN_ADDRESS: gettext_lazy("an address of its own"),
    Reason.WIDE_ADDRESS: gettext_lazy("a whole network"),
    Reason.NOT_AN_ADDRESS: gettext_lazy("not for an address"),
    Reason.SHARED_ADDRESS: gettext_lazy("other rows have the same address"),
    Reason.SHARED_NAME: gettext_lazy("other rows have the same name"),
    Reason.DISABLED: gettext_lazy("disabled"),
}
"""Why a row of a router is taken for a customer, or is not."""


def group_in_words(verb: str, kind: str) -> tuple[str | Promise, str | Promise]:
    """An act on rows of one kind, such as (Change, Queue)."""
    told = explain_operation({"verb": verb, "kind": kind, "key": "", "changes": {}})
    return told.text, told.what
