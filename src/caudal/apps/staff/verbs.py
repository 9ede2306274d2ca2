"""What a person may do: one verb per kind of act, and the verbs each role starts with."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Verb(models.TextChoices):
    SEE_CUSTOMERS = "customers.see", _("See customers")
    REGISTER_CUSTOMERS = "customers.register", _("Register customers")
    EDIT_CUSTOMERS = "customers.edit", _("Edit customers")
    EXPORT_CUSTOMERS = "customers.export", _("Export customers")
    ARCHIVE_CUSTOMERS = "customers.archive", _("Archive customers")
    CONFIGURE_CUSTOMERS = "customers.configure", _("Define fields and tags of customers")
    EDIT_SERVICES = "services.edit", _("Edit services")
    SUSPEND_SERVICES = "services.suspend", _("Suspend services")
    RESTORE_SERVICES = "services.restore", _("Restore services")
    CANCEL_SERVICES = "services.cancel", _("Cancel services")
    SEE_BILLING = "billing.see", _("See invoices and statements")
    ISSUE_INVOICES = "billing.issue", _("Issue invoices")
    SELL_PRODUCTS = "billing.sell", _("Sell products and give discounts")
    VOID_INVOICES = "billing.void", _("Void invoices")
    RUN_BILLING = "billing.run", _("Run billing and cuts")
    TAKE_PROMISES = "billing.promise", _("Take and drop promises to pay")
    SEE_PAYMENTS = "payments.see", _("See payments")
    REGISTER_PAYMENTS = "payments.register", _("Register payments")
    RESTORE_ON_PAYMENT = "payments.restore", _("Restore the service with a payment")
    DELETE_PAYMENTS = "payments.delete", _("Delete payments")
    REFUND_PAYMENTS = "payments.refund", _("Refund payments and balances in favour")
    MANAGE_CHEQUES = "payments.cheques", _("Deposit, clear and reject cheques")
    OPERATE_CASH = "cash.operate", _("Open and close one's own cash sessions")
    SUPERVISE_CASH = "cash.supervise", _("See and close everybody's cash sessions")
    SEE_ARRIVALS = "payments.arrivals", _("See money that arrives from banks and gateways")
    MATCH_ARRIVALS = "payments.match", _("Match money that arrives and approve reported payments")
    CONFIGURE_GATEWAYS = "payments.gateways", _("Configure gateways and bank accounts")
    SEE_NETWORK = "network.see", _("See routers and the network")
    CONFIGURE_NETWORK = "network.configure", _("Configure routers, zones and addresses")
    SYNC_NETWORK = "network.sync", _("Apply changes to routers")
    MANAGE_OUTAGES = "network.outages", _("Open and end outages, and tell customers")
    SEE_SECRETS = "network.secrets", _("See service passwords")
    USE_TOOLS = "network.tools", _("Use the tools of routers")
    SEE_BACKUPS = "network.backups", _("See and download backups of routers")
    SEE_CATALOG = "catalog.see", _("See plans and products")
    EDIT_CATALOG = "catalog.edit", _("Edit plans, products and companies")
    SEE_MESSAGES = "messages.see", _("See messages")
    SEND_MESSAGES = "messages.send", _("Send messages and edit templates")
    IMPORT_DATA = "imports.run", _("Import data")
    SEE_JOBS = "jobs.see", _("See the job log")
    RUN_JOBS = "jobs.run", _("Run jobs and move the demo clock")
    SEE_INCOME = "reports.income", _("See income and churn")
    SEE_JOURNAL = "staff.journal", _("See the journal")
    MANAGE_STAFF = "staff.manage", _("Manage staff and roles")


WIDE = frozenset(
    {Verb.IMPORT_DATA, Verb.SEE_BACKUPS, Verb.SEE_JOBS, Verb.RUN_JOBS, Verb.MANAGE_STAFF}
)
"""What shows or changes everybody's rows: nobody who sees a part of the customers may do it."""

_DESK = [Verb.SEE_CUSTOMERS, Verb.SEE_BILLING, Verb.SEE_PAYMENTS, Verb.SEE_CATALOG]
_COUNTER = [
    *_DESK,
    Verb.REGISTER_PAYMENTS,
    Verb.OPERATE_CASH,
    Verb.RESTORE_ON_PAYMENT,
    Verb.TAKE_PROMISES,
]
_CARE = [
    *_DESK,
    Verb.EDIT_CUSTOMERS,
    Verb.SEE_NETWORK,
    Verb.USE_TOOLS,
    Verb.SEE_MESSAGES,
    Verb.SEE_JOURNAL,
]

DEFAULT_ROLES: dict[str, tuple[str, list[str]]] = {
    "owner": (gettext_noop("Owner"), [verb.value for verb in Verb]),
    "manager": (
        gettext_noop("Manager"),
        [verb.value for verb in Verb if verb is not Verb.MANAGE_STAFF],
    ),
    "cashier": (gettext_noop("Cashier"), [verb.value for verb in _COUNTER]),
    "collector": (gettext_noop("Collector"), [verb.value for verb in _COUNTER]),
    "support": (
        gettext_noop("Support"),
        [
            verb.value
            for verb in (
                *_CARE,
                Verb.RESTORE_SERVICES,
                Verb.EDIT_SERVICES,
                Verb.SEND_MESSAGES,
                Verb.MANAGE_OUTAGES,
            )
        ],
    ),
    "technician": (
        gettext_noop("Technician"),
        [
            verb.value
            for verb in (
                *_CARE,
                Verb.EDIT_SERVICES,
                Verb.SYNC_NETWORK,
                Verb.SEE_SECRETS,
                Verb.MANAGE_OUTAGES,
            )
        ],
    ),
    "seller": (
        gettext_noop("Seller"),
        [
            verb.value
            for verb in (*_DESK, Verb.REGISTER_CUSTOMERS, Verb.EDIT_CUSTOMERS, Verb.SELL_PRODUCTS)
        ],
    ),
}
"""Role code -> (name, verbs) at installation; afterwards the rows are the owner's to change."""

_GROUPS = {
    "customers": _("Customers"),
    "services": _("Services"),
    "billing": _("Billing"),
    "payments": _("Payments"),
    "cash": _("Cash boxes"),
    "network": _("Network"),
    "catalog": _("Catalog"),
    "messages": _("Messages"),
    "imports": _("Import data"),
    "jobs": _("Jobs"),
    "reports": _("Reports"),
    "staff": _("Staff"),
}


def verb_groups() -> list[tuple[str | Promise, list[Verb]]]:
    """(heading, verbs) by the first part of their codes, as role and token screens show them."""
    return [
        (title, [verb for verb in Verb if verb.value.split(".")[0] == key])
        for key, title in _GROUPS.items()
    ]
