"""Bank lines as the workbench shows them: with proposals in words, or with what became of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Customer
from caudal.apps.payments.models import Payment
from caudal.apps.treasury.models import Assignment, BankLine
from caudal.apps.treasury.proposals import proposals
from caudal.apps.treasury.words import colour_of, reasons_in_words, sureness
from caudal.core.matching import Proposal


@dataclass(frozen=True)
class ShownProposal:
    """A proposal with the rows it speaks of."""

    proposal: Proposal
    customer: Customer
    invoice: Invoice | None
    payment: Payment | None
    reasons: list[str]
    colour: str
    sureness: str


@dataclass
class ShownLine:
    line: BankLine
    first: ShownProposal | None = None
    others: list[ShownProposal] = field(default_factory=list)
    made: list[Assignment] = field(default_factory=list)
    is_lost: bool = False
    """Its payment was deleted by hand."""


def shown(lines: Sequence[BankLine]) -> list[ShownLine]:
    """In the given order; open ones with their proposals, but for those far behind the first."""
    open_ones = [line for line in lines if line.state == BankLine.State.OPEN]
    found = proposals_of(open_ones)
    made = _made([line.pk for line in lines])
    result = []
    for line in lines:
        each = found.get(line.pk, [])
        mine = made[line.pk]
        lost = any(row.payment is not None and row.payment.deleted_at for row in mine)
        first = each[0] if each else None
        others = [
            one for one in each[1:] if first and one.proposal.score * 2 >= first.proposal.score
        ]
        result.append(ShownLine(line, first, others, mine, lost))
    return result


def proposals_of(lines: Sequence[BankLine]) -> dict[int, list[ShownProposal]]:
    """Proposals of lines of any accounts, in words."""
    by_account: dict[int, list[BankLine]] = defaultdict(list)
    for line in lines:
        by_account[line.account_id].append(line)
    found: dict[int, list[Proposal]] = {}
    for group in by_account.values():
        found |= proposals(group)
    return _worded(found)


def _worded(found: dict[int, list[Proposal]]) -> dict[int, list[ShownProposal]]:
    every = [each for rows in found.values() for each in rows]
    customers = _rows(Customer, {each.person for each in every})
    invoices = _rows(Invoice, {each.invoice for each in every})
    payments = _rows(Payment, {each.payment for each in every})
    return {
        pk: [
            ShownProposal(
                each,
                customers[each.person],
                invoices.get(each.invoice),
                payments.get(each.payment),
                reasons_in_words(each.reasons),
                colour_of(each.score),
                sureness(each.score),
            )
            for each in rows
        ]
        for pk, rows in found.items()
    }


def _rows(model: Any, keys: Iterable[int | None]) -> dict[int | None, Any]:
    return dict(model.objects.in_bulk([key for key in set(keys) if key is not None]))


def _made(keys: list[int]) -> dict[int, list[Assignment]]:
    rows = Assignment.objects.filter(line__in=keys, undone_at=None)
    found: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows.select_related("customer", "payment").order_by("pk"):
        found[row.line_id].append(row)
    return found
