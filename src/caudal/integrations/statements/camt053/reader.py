"""A camt.053 document read by the names of its elements, whatever its version and name space.

defusedxml refuses document types and entities, which no bank sends. Source of the element names:
ISO 20022 message definition report, Bank-to-Customer Cash Management.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from caudal.core.money import ZERO
from caudal.core.ports.statement import (
    Movement,
    Problem,
    Reading,
    StatementError,
    StatementFault,
)

_STATEMENTS = ("BkToCstmrStmt/Stmt", "BkToCstmrAcctRpt/Rpt")


class CamtReader:
    """Reads the entries of every statement of the document as one list."""

    def fits(self, content: bytes) -> bool:
        head = content[:4000].replace(b"\0", b"")
        return b"BkToCstmr" in head or b"camt.05" in head

    def read(self, content: bytes, columns: Mapping[str, str] | None = None) -> Reading:
        root = _root(content)
        statements = [found for path in _STATEMENTS for found in _all(root, path)]
        if not statements:
            raise StatementError(StatementFault.NOT_A_STATEMENT)
        movements: list[Movement] = []
        problems: list[Problem] = []
        entries = (entry for statement in statements for entry in _all(statement, "Ntry"))
        for place, entry in enumerate(entries, 1):
            try:
                movements.extend(_movements(place, entry))
            except _Unread as error:
                problems.append(Problem(place, error.fault, tuple(_texts(entry))))
        account = statements[0]
        return Reading(
            tuple(movements),
            tuple(problems),
            opening=_balance(statements[0], ("OPBD", "PRCD")),
            closing=_balance(statements[-1], ("CLBD",)),
            number=_text(account, "Acct/Id/IBAN") or _text(account, "Acct/Id/Othr/Id"),
            currency=_text(account, "Acct/Ccy"),
        )


class _Unread(ValueError):
    def __init__(self, fault: StatementFault) -> None:
        super().__init__(fault)
        self.fault = fault


def _root(content: bytes) -> Element:
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise StatementError(StatementFault.FORBIDDEN_XML) from error
    except (ParseError, ValueError, LookupError) as error:
        raise StatementError(StatementFault.BROKEN, str(error)[:200]) from error
    return root


def _movements(place: int, entry: Element) -> Iterator[Movement]:
    """The entry, or where the bank booked several payments as one sum, each of them."""
    status = _text(entry, "Sts/Cd") or _text(entry, "Sts")
    if status and status != "BOOK":
        raise _Unread(StatementFault.NOT_BOOKED)
    on = _date(entry, "BookgDt") or _date(entry, "ValDt")
    if on is None:
        raise _Unread(StatementFault.NO_DATE)
    amount = _signed(entry)
    own_id = _text(entry, "AcctSvcrRef")
    details = _all(entry, "NtryDtls/TxDtls")
    parts = _parts(details, amount)
    if parts is None:
        yield _movement(place, on, amount, entry, details[0] if details else entry, own_id)
        return
    for detail, part, bank_id in zip(details, parts, _ids(details, parts, own_id), strict=True):
        yield _movement(place, on, part, entry, detail, bank_id)


def _ids(details: list[Element], parts: list[Decimal], own_id: str) -> Iterator[str]:
    """Each payment's own name; one that payments of one amount share is their sum's: numbered."""
    refs = [_text(detail, "Refs/AcctSvcrRef") for detail in details]
    named = list(zip(refs, parts, strict=True))
    for number, (ref, part) in enumerate(named, 1):
        shared = ref or own_id
        is_own = bool(ref) and named.count((ref, part)) == 1
        yield ref if is_own else f"{shared}/{number}" if shared else ""


def _movement(
    place: int, on: date, amount: Decimal, entry: Element, detail: Element, bank_id: str
) -> Movement:
    parties = "Dbtr" if amount > 0 else "Cdtr"
    name = _text(detail, f"RltdPties/{parties}/Nm") or _text(detail, f"RltdPties/{parties}/Pty/Nm")
    account = f"RltdPties/{parties}Acct/Id"
    words = [part.text.strip() for part in _all(detail, "RmtInf/Ustrd") if part.text]
    extra = _text(detail, "AddtlTxInf") or _text(entry, "AddtlNtryInf")
    end_to_end = _text(detail, "Refs/EndToEndId")
    return Movement(
        place=place,
        on=on,
        amount=amount,
        text=" ".join(words) or extra,
        reference=_text(detail, "RmtInf/Strd/CdtrRefInf/Ref")
        or ("" if end_to_end == "NOTPROVIDED" else end_to_end)
        or _text(entry, "NtryRef"),
        payer=name,
        payer_account=_text(detail, f"{account}/IBAN") or _text(detail, f"{account}/Othr/Id"),
        bank_id=bank_id,
    )


def _parts(details: list[Element], whole: Decimal) -> list[Decimal] | None:
    """What each payment of a booked sum is; None where they do not add up to it."""
    if len(details) < 2:
        return None
    try:
        parts = [_amount(_first(detail, "Amt", "AmtDtls/TxAmt/Amt")) for detail in details]
    except _Unread:
        return None
    sign = 1 if whole > 0 else -1
    return [sign * part for part in parts] if sum(parts, ZERO) == abs(whole) else None


def _signed(row: Element) -> Decimal:
    amount = _amount(_one(row, "Amt"))
    return -amount if _text(row, "CdtDbtInd") == "DBIT" else amount


def _amount(element: Element | None) -> Decimal:
    """Points are decimals; the standard allows nothing else."""
    try:
        amount = Decimal((element.text or "").strip()) if element is not None else ZERO
    except InvalidOperation:
        raise _Unread(StatementFault.NO_AMOUNT) from None
    if not amount.is_finite() or not 0 < amount < 10**9 or amount != round(amount, 4):
        raise _Unread(StatementFault.NO_AMOUNT)
    return amount


def _balance(statement: Element, codes: tuple[str, ...]) -> Decimal | None:
    for balance in _all(statement, "Bal"):
        if _text(balance, "Tp/CdOrPrtry/Cd") in codes:
            try:
                amount = Decimal(_text(balance, "Amt"))
            except InvalidOperation:
                return None
            is_sane = amount.is_finite() and abs(amount) < 10**9
            sign = -1 if _text(balance, "CdtDbtInd") == "DBIT" else 1
            return sign * round(amount, 4) if is_sane else None
    return None


def _date(row: Element, name: str) -> date | None:
    text = _text(row, f"{name}/Dt") or _text(row, f"{name}/DtTm")
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _all(row: Element, path: str) -> list[Element]:
    """Elements by a path of local names."""
    found = [row]
    for name in path.split("/"):
        found = [child for each in found for child in each if _local(child) == name]
    return found


def _one(row: Element, path: str) -> Element | None:
    found = _all(row, path)
    return found[0] if found else None


def _first(row: Element, *paths: str) -> Element | None:
    """By the first path that leads anywhere; elements without children are false."""
    found = (_one(row, path) for path in paths)
    return next((element for element in found if element is not None), None)


def _text(row: Element, path: str) -> str:
    found = _one(row, path)
    return " ".join((found.text or "").split()) if found is not None else ""


def _texts(row: Element) -> Iterator[str]:
    for element in row.iter():
        if element.text and element.text.strip():
            yield f"{_local(element)}={element.text.strip()}"[:200]


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
