"""Words of the journal that no column of a table gives: keys and codes.

What is missing here is shown as it was written.
"""

from django.utils.translation import pgettext, pgettext_lazy

WORDS = (
    pgettext_lazy("journal", "account id"),
    pgettext_lazy("journal", "address"),
    pgettext_lazy("journal", "amount"),
    pgettext_lazy("journal", "count"),
    pgettext_lazy("journal", "currency"),
    pgettext_lazy("journal", "digest"),
    pgettext_lazy("journal", "emails"),
    pgettext_lazy("journal", "invoice id"),
    pgettext_lazy("journal", "is void"),
    pgettext_lazy("journal", "now"),
    pgettext_lazy("journal", "payment day"),
    pgettext_lazy("journal", "phones"),
    pgettext_lazy("journal", "plan"),
    pgettext_lazy("journal", "portal password"),
    pgettext_lazy("journal", "prefix"),
    pgettext_lazy("journal", "reason"),
    pgettext_lazy("journal", "routers"),
    pgettext_lazy("journal", "rows"),
    pgettext_lazy("journal", "tags"),
    pgettext_lazy("journal", "taxes"),
    pgettext_lazy("journal", "unpaid"),
    pgettext_lazy("journal", "manual"),
    pgettext_lazy("journal", "changes"),
    pgettext_lazy("journal", "control days"),
    pgettext_lazy("journal", "credits"),
    pgettext_lazy("journal", "customers"),
    pgettext_lazy("journal", "device"),
    pgettext_lazy("journal", "due"),
    pgettext_lazy("journal", "first"),
    pgettext_lazy("journal", "kept days"),
    pgettext_lazy("journal", "known"),
    pgettext_lazy("journal", "last"),
    pgettext_lazy("journal", "last day"),
    pgettext_lazy("journal", "lines"),
    pgettext_lazy("journal", "lists"),
    pgettext_lazy("journal", "merged"),
    pgettext_lazy("journal", "method"),
    pgettext_lazy("journal", "new"),
    pgettext_lazy("journal", "on"),
    pgettext_lazy("journal", "order"),
    pgettext_lazy("journal", "outcome"),
    pgettext_lazy("journal", "payment"),
    pgettext_lazy("journal", "price"),
    pgettext_lazy("journal", "scope"),
    pgettext_lazy("journal", "settings"),
    pgettext_lazy("journal", "state"),
    pgettext_lazy("journal", "text"),
    pgettext_lazy("journal", "texts"),
    pgettext_lazy("journal", "total"),
    pgettext_lazy("journal", "until"),
    pgettext_lazy("journal", "written"),
    pgettext_lazy("journal", "hold"),
    pgettext_lazy("journal", "abuse"),
)


def entry_word(text: str) -> str:
    """What the screen calls a key or a code of an entry."""
    return pgettext("journal", text) if text else ""
