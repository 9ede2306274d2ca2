"""What a permission means where its name does not say all of it: for the screen of a role."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb, verb_groups

Text = str | Promise

_EVERYBODY = _("Shows or changes everybody's data: who sees a part of the customers cannot do it.")
WORDS: dict[str, Text] = {
    Verb.EXPORT_CUSTOMERS: _("Lists and invoices as files, with all their columns."),
    Verb.ARCHIVE_CUSTOMERS: _("Hides a customer; nothing of his is lost."),
    Verb.EDIT_SERVICES: _("Plan, router, address and user of a service."),
    Verb.SUSPEND_SERVICES: _("Cuts by hand and holds at the customer's request."),
    Verb.CANCEL_SERVICES: _("Ends a service for good and frees its address."),
    Verb.ISSUE_INVOICES: _("By hand, with discounts and adjustments; edits unpaid ones."),
    Verb.RUN_BILLING: _("Plans and approves the creation of invoices and cuts for everybody."),
    Verb.RESTORE_ON_PAYMENT: _("Without it a payment only settles."),
    Verb.DELETE_PAYMENTS: _("Also changes them; the books keep both."),
    Verb.SUPERVISE_CASH: _("What was counted, what should be there, and by how much they differ."),
    Verb.MATCH_ARRIVALS: _("Says whose a bank's or gateway's money is."),
    Verb.CONFIGURE_NETWORK: _("Also the passwords of routers."),
    Verb.SYNC_NETWORK: _("Writes to routers, releases held cuts, decides about unknown rows."),
    Verb.SEE_SECRETS: _("Each look is kept in the journal."),
    Verb.SEE_BACKUPS: _EVERYBODY,
    Verb.IMPORT_DATA: _EVERYBODY,
    Verb.SEE_JOBS: _EVERYBODY,
    Verb.RUN_JOBS: _EVERYBODY,
    Verb.MANAGE_STAFF: _("Gives anybody any permission, himself too: for owners."),
}


def told_groups() -> list[tuple[Text, list[tuple[Verb, Text]]]]:
    """Each group's verbs with what there is to say of them."""
    return [
        (title, [(verb, WORDS.get(verb, "")) for verb in verbs]) for title, verbs in verb_groups()
    ]
