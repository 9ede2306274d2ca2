"""The words for clues of matching and for columns of bank files."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.core.matching import SURE, Clue
from caudal.core.ports.statement import Column

CLUES: dict[str, str | Promise] = {
    Clue.ELECTRONIC_CODE: _("His electronic payment code %(text)s is in the text"),
    Clue.INVOICE_NUMBER: _("It names the invoice %(text)s"),
    Clue.DOCUMENT: _("His document %(text)s is in the text"),
    Clue.CUSTOMER_CODE: _("His code %(text)s is in the text"),
    Clue.KNOWN_PAYER: _("He has paid from this account before"),
    Clue.PHONE: _("His phone %(text)s is in the text"),
    Clue.SAME_NAME: _("The name is the same"),
    Clue.LIKE_NAME: _("The name is similar"),
    Clue.DEBT_AMOUNT: _("It is exactly what he owes"),
    Clue.INVOICE_AMOUNT: _("It is exactly what the invoice %(text)s asks"),
    Clue.ALREADY_REGISTERED: _("Payment %(text)s of this amount is already registered"),
    Clue.SAME_REFERENCE: _("The reference %(text)s is the same"),
    Clue.OTHERS_TOO: _("Somebody else fits nearly as well"),
}
LIKELY = 50
"""The score from which a proposal is worth a look."""
KINDS: dict[str, str | Promise] = {"signed": _("Signed notices")}
"""Kinds of gateways whose titles are words and no names."""
COLUMNS: dict[str, str | Promise] = {
    Column.DATE: _("Date"),
    Column.VALUE_DATE: _("Value date (left out)"),
    Column.AMOUNT: _("Amount, below zero when it goes out"),
    Column.CREDIT: _("Credit: money in"),
    Column.DEBIT: _("Debit: money out"),
    Column.SIGN: _("In or out"),
    Column.BALANCE: _("Balance"),
    Column.TEXT: _("Description"),
    Column.REFERENCE: _("Reference"),
    Column.PAYER: _("Payer"),
    Column.PAYER_ACCOUNT: _("Payer's account"),
    Column.BANK_ID: _("The bank's own number of the movement"),
}


def reasons_in_words(reasons: object) -> list[str]:
    """One sentence per clue; takes what rows keep and what proposals carry."""
    found = []
    for clue, text in reasons:  # type: ignore[attr-defined]
        sentence = CLUES.get(str(clue))
        if sentence is not None:
            found.append(str(sentence) % {"text": text})
    return found


def colour_of(score: int) -> str:
    """Green may be accepted unseen, amber is to be looked at."""
    return "green" if score >= SURE else "amber" if score >= LIKELY else "grey"


def sureness(score: int) -> str:
    """What the score means, for who does not think in points."""
    if score >= SURE:
        return str(_("Sure"))
    return str(_("Likely") if score >= LIKELY else _("Doubtful"))
