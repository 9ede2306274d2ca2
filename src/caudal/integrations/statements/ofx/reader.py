"""An OFX file read with ofxtools' tree builder.

Its stricter half, which demands every field that the specification does, is left out: files of
real banks lack some. What is read here is the transaction list of OFX 1.6 and 2.2, section 11.4.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ofxtools.Parser import ParseError, TreeBuilder

from caudal.core.cells import CellError, read_amount
from caudal.core.ports.statement import (
    Movement,
    Problem,
    Reading,
    StatementError,
    StatementFault,
)
from caudal.integrations.sheet import decode

_LEAVES = (
    "TRNTYPE DTPOSTED DTUSER DTAVAIL TRNAMT FITID CORRECTFITID SRVRTID CHECKNUM REFNUM SIC "
    "PAYEEID NAME MEMO CURDEF ACCTID BANKID BRANCHID ACCTTYPE BALAMT DTASOF DTSTART DTEND"
)
_EMPTY_LEAF = re.compile(
    rf"<({'|'.join(_LEAVES.split())})>[ \t\r\n]*(</\1>)?[ \t\r\n]*(?=<)", re.IGNORECASE
)
"""SGML may leave out the end of an element, and then an empty one looks like the start of a
group that swallows the rest."""
_THREE_DECIMALS = re.compile(r"[+-]?\d+\.\d{3}")
_TAG = re.compile(r"</?[A-Za-z0-9._]+>")
_OUTGOING = frozenset({"DEBIT", "DIRECTDEBIT", "CHECK", "FEE", "SRVCHG"})
_NEVER = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&quot;": '"', "&apos;": "'", "&amp;": "&"}


class OfxReader:
    """Reads every bank and card account of the file as one list."""

    def fits(self, content: bytes) -> bool:
        head = content[:4000].replace(b"\0", b"").upper()
        return b"<OFX>" in head or b"OFXHEADER" in head

    def read(self, content: bytes, columns: Mapping[str, str] | None = None) -> Reading:
        root = _tree(content)
        movements: list[Movement] = []
        outgoing: set[int] = set()
        problems: list[Problem] = []
        for place, row in enumerate(root.iter("STMTTRN"), 1):
            told = {leaf.tag: _plain(leaf.text) for leaf in row if leaf.text}
            read = _movement(place, told)
            if isinstance(read, Movement):
                movements.append(read)
                outgoing |= {place} if told.get("TRNTYPE", "").upper() in _OUTGOING else set()
            else:
                problems.append(Problem(place, read, tuple(f"{k}={v}" for k, v in told.items())))
        if root.find(".//STMTRS") is None and root.find(".//CCSTMTRS") is None and not movements:
            raise StatementError(StatementFault.NOT_A_STATEMENT)
        return Reading(
            tuple(_with_signs(movements, outgoing)),
            tuple(problems),
            closing=_closing(root),
            number=_plain(root.findtext(".//ACCTID")),
            currency=_plain(root.findtext(".//CURDEF"))[:3].upper(),
        )


def _tree(content: bytes) -> Element:
    _encoding, text = decode(content)
    start = text.upper().find("<OFX>")
    if start < 0:
        raise StatementError(StatementFault.NOT_A_STATEMENT)
    if _NEVER.search(text):
        raise StatementError(StatementFault.FORBIDDEN_XML)
    body = _TAG.sub(lambda tag: tag[0].upper(), text[start:])
    builder = TreeBuilder()
    try:
        builder.feed(_EMPTY_LEAF.sub("", body))
        root = builder.close()
    except (
        ParseError,
        ElementTree.ParseError,
        AssertionError,
        IndexError,
        TypeError,
        ValueError,
    ) as error:
        raise StatementError(StatementFault.BROKEN, str(error)[:200]) from error
    if root is None:
        raise StatementError(StatementFault.NOT_A_STATEMENT)
    return root


def _movement(place: int, told: Mapping[str, str]) -> Movement | StatementFault:
    on = _date(told.get("DTPOSTED") or told.get("DTUSER", ""))
    if on is None:
        return StatementFault.NO_DATE
    try:
        amount = _amount(told.get("TRNAMT", ""))
    except CellError:
        return StatementFault.NO_AMOUNT
    if not amount:
        return StatementFault.NO_AMOUNT
    return Movement(
        place=place,
        on=on,
        amount=amount,
        text=told.get("MEMO", ""),
        reference=told.get("REFNUM") or told.get("CHECKNUM", ""),
        payer=told.get("NAME", ""),
        bank_id=told.get("FITID", ""),
    )


def _with_signs(movements: list[Movement], outgoing: set[int]) -> list[Movement]:
    """In a file without any sign the kinds of its rows say what went out."""
    if any(line.amount < 0 for line in movements):
        return movements
    return [
        replace(line, amount=-line.amount) if line.place in outgoing else line for line in movements
    ]


def _amount(text: str) -> Decimal:
    """The format knows no thousands: a lone point is of the decimals, three too.

    Raises CellError.
    """
    return read_amount(f"{text}0" if _THREE_DECIMALS.fullmatch(text) else text)


def _date(text: str) -> date | None:
    """20260705, 20260705120000, 20260705120000.000[-6:CST]: the day as the bank wrote it."""
    found = re.match(r"(\d{4})(\d{2})(\d{2})", text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _closing(root: Element) -> Decimal | None:
    accounts = root.findall(".//LEDGERBAL/BALAMT")
    try:
        return _amount(_plain(accounts[0].text)) if len(accounts) == 1 else None
    except CellError:
        return None


def _plain(text: str | None) -> str:
    """Without SGML's entities; &amp; last, so that nothing is read twice."""
    found = (text or "").strip()
    for entity, sign in _ENTITIES.items():
        found = found.replace(entity, sign)
    return " ".join(found.split())
