"""Whose money is this? Clues between a line of a bank and a customer, and how much they weigh."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum

from caudal.core.text import digits, fold, key

SURE = 85
"""From this score on lines may be accepted together without a look at each."""
AMBIGUOUS = 60
"""The most that a proposal gets where another is nearly as good."""
NEAR = 10
SHORTEST_CODE = 4
INVOICE_WORDS = ("factura", "fact", "fac", "recibo", "folio", "invoice")
"""What payers write before the number of an invoice, as `fold` spells it."""
PHONE_DIGITS = 8
LIKE = 0.85


class Clue(StrEnum):
    """Why a line may be a customer's; screens hold one sentence for each."""

    ELECTRONIC_CODE = "electronic-code"
    INVOICE_NUMBER = "invoice-number"
    DOCUMENT = "document"
    CUSTOMER_CODE = "customer-code"
    KNOWN_PAYER = "known-payer"
    PHONE = "phone"
    SAME_NAME = "same-name"
    LIKE_NAME = "like-name"
    DEBT_AMOUNT = "debt-amount"
    INVOICE_AMOUNT = "invoice-amount"
    ALREADY_REGISTERED = "already-registered"
    SAME_REFERENCE = "same-reference"
    OTHERS_TOO = "others-too"


WEIGHTS = {
    Clue.ELECTRONIC_CODE: 70,
    Clue.INVOICE_NUMBER: 65,
    Clue.DOCUMENT: 60,
    Clue.CUSTOMER_CODE: 55,
    Clue.KNOWN_PAYER: 55,
    Clue.PHONE: 50,
    Clue.SAME_NAME: 45,
    Clue.LIKE_NAME: 30,
    Clue.DEBT_AMOUNT: 30,
    Clue.INVOICE_AMOUNT: 25,
    Clue.ALREADY_REGISTERED: 50,
    Clue.SAME_REFERENCE: 45,
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a line says, as far as it tells people apart."""

    amount: Decimal
    text: str = ""
    reference: str = ""
    payer: str = ""
    payer_account: str = ""


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    id: int
    label: str
    remaining: Decimal


@dataclass(frozen=True, slots=True)
class Person:
    """A customer who may have paid."""

    id: int
    name: str
    code: str = ""
    electronic_code: str = ""
    document: str = ""
    phones: tuple[str, ...] = ()
    payer_accounts: tuple[str, ...] = ()
    debt: Decimal = Decimal(0)
    invoices: tuple[OpenInvoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Registered:
    """A payment that somebody already wrote down, of the line's amount and about its date."""

    id: int
    person: int
    number: str
    reference: str = ""
    days_apart: int = 0


Reasons = tuple[tuple[Clue, str], ...]
"""Each clue with what was found: a code, a number, a name."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`payment` is one that is already registered: then the line is linked to it."""

    person: int
    score: int
    reasons: Reasons
    invoice: int | None = None
    payment: int | None = None


def tokens(arrival: Arrival) -> set[str]:
    """Everything in the line that may be a code: words without signs, and up to four of their
    parts joined, so that "A-102" and "20-12345678-9" are found however they are written."""
    found: set[str] = set()
    for text in (arrival.text, arrival.reference, arrival.payer):
        parts = re.findall(r"[a-z0-9]+", fold(text))
        for size in range(1, 5):
            for at in range(len(parts) - size + 1):
                found.add("".join(parts[at : at + size]))
    return {token for token in found if 3 <= len(token) <= 40}


def name_words(arrival: Arrival) -> list[str]:
    """What may be the payer's name, longest first."""
    words = re.findall(r"[a-z]{3,}", fold(arrival.payer or arrival.text))
    return sorted(dict.fromkeys(words), key=lambda word: (-len(word), word))


def judge(arrival: Arrival, person: Person) -> Proposal | None:
    """What speaks for this customer; None where nothing does."""
    words = tokens(arrival)
    invoice, by_invoice = _invoice(arrival, person, words)
    clues = [*_codes(arrival, person, words), *by_invoice]
    if not any(clue is Clue.INVOICE_NUMBER for clue, _ in clues):
        clues += _name(arrival, person)
    if person.debt > 0 and person.debt == arrival.amount:
        clues.append((Clue.DEBT_AMOUNT, ""))
    elif invoice is not None and invoice.remaining == arrival.amount:
        clues.append((Clue.INVOICE_AMOUNT, invoice.label))
    if not clues:
        return None
    return Proposal(person.id, _score(clues), tuple(clues), invoice.id if invoice else None)


def link(arrival: Arrival, payment: Registered, proposal: Proposal | None) -> Proposal:
    """The same money written down before: with what speaks for its customer besides."""
    clues: list[tuple[Clue, str]] = [(Clue.ALREADY_REGISTERED, payment.number)]
    reference = key(payment.reference)
    if len(reference) >= SHORTEST_CODE and reference in tokens(arrival):
        clues.append((Clue.SAME_REFERENCE, payment.reference))
    amounts = (Clue.DEBT_AMOUNT, Clue.INVOICE_AMOUNT)
    if proposal is not None:
        clues += [(clue, text) for clue, text in proposal.reasons if clue not in amounts]
    score = max(_score(clues) - 3 * payment.days_apart, 1)
    return Proposal(payment.person, score, tuple(clues), payment=payment.id)


def rank(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Best first, one per customer and payment; nobody is sure where two are nearly as good."""
    ordered = sorted(proposals, key=lambda each: (-each.score, each.payment is None, each.person))
    best: list[Proposal] = []
    for each in ordered:
        same = [kept for kept in best if kept.person == each.person]
        if not same or (each.payment and all(kept.payment != each.payment for kept in same)):
            best.append(each)
    if len(best) > 1 and best[0].score - best[1].score < NEAR and best[0].score > AMBIGUOUS:
        first = best[0]
        reasons = (*first.reasons, (Clue.OTHERS_TOO, ""))
        best[0] = replace(first, score=AMBIGUOUS, reasons=reasons)
        best[1:] = [replace(each, score=min(each.score, AMBIGUOUS)) for each in best[1:]]
    return best


def _score(clues: Sequence[tuple[Clue, str]]) -> int:
    return min(sum(WEIGHTS.get(clue, 0) for clue, _ in clues), 100)


def _codes(arrival: Arrival, person: Person, words: set[str]) -> list[tuple[Clue, str]]:
    found = [
        (clue, text)
        for clue, text in (
            (Clue.ELECTRONIC_CODE, person.electronic_code),
            (Clue.DOCUMENT, person.document),
            (Clue.CUSTOMER_CODE, person.code),
        )
        if len(key(text)) >= SHORTEST_CODE and key(text) in words
    ]
    tails = {word[-PHONE_DIGITS:] for word in words if word.isdigit() and len(word) >= PHONE_DIGITS}
    for phone in person.phones:
        tail = digits(phone)[-PHONE_DIGITS:]
        if len(tail) == PHONE_DIGITS and tail in tails:
            found.append((Clue.PHONE, phone))
            break
    account = key(arrival.payer_account)
    if account and account in {key(known) for known in person.payer_accounts}:
        found.append((Clue.KNOWN_PAYER, arrival.payer_account))
    return found


def _invoice(
    arrival: Arrival, person: Person, words: set[str]
) -> tuple[OpenInvoice | None, list[tuple[Clue, str]]]:
    """The invoice that the line names, else the first of its amount."""
    for invoice in person.invoices:
        label = key(invoice.label)
        telling = len(label) >= SHORTEST_CODE or any(sign.isalpha() for sign in label)
        if (telling and len(label) >= 3 and label in words) or _is_called(label, words):
            return invoice, [(Clue.INVOICE_NUMBER, invoice.label)]
    return next((i for i in person.invoices if i.remaining == arrival.amount), None), []


def _is_called(label: str, words: set[str]) -> bool:
    """A short number tells nothing by itself, but "factura 33" does."""
    return any(f"{word}{label}" in words for word in INVOICE_WORDS)


def _name(arrival: Arrival, person: Person) -> list[tuple[Clue, str]]:
    theirs = set(re.findall(r"[a-z]{3,}", fold(person.name)))
    ours = set(name_words(arrival))
    shared = {word for word in theirs if word in ours or _resembles(word, ours)}
    if len(shared) < 2:
        return []
    is_whole = len(shared) == len(theirs) or (bool(arrival.payer) and len(shared) == len(ours))
    return [(Clue.SAME_NAME if is_whole else Clue.LIKE_NAME, person.name)]


def _resembles(word: str, others: set[str]) -> bool:
    """A slip of the pen, in a word long enough for one."""
    return len(word) > 4 and any(
        abs(len(word) - len(other)) < 3 and SequenceMatcher(None, word, other).ratio() >= LIKE
        for other in others
    )
