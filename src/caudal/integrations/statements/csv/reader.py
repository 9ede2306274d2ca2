"""A bank's table read by what its columns are called, or by what a person said they are."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from caudal.core.bank_lines import ends
from caudal.core.cells import CellError, is_empty, month_first, read_amount, read_date
from caudal.core.columns import column_key
from caudal.core.money import ZERO
from caudal.core.ports.importer import FileError, FileFault, Line
from caudal.core.ports.statement import (
    Column,
    Movement,
    Problem,
    Reading,
    StatementError,
    StatementFault,
)
from caudal.core.text import fold
from caudal.integrations.sheet import read_sheet

_NAMES: Mapping[Column, str] = {
    Column.DATE: "fecha | fecha operacion | fecha de operacion | fecha movimiento | fecha mov "
    "| fecha de movimiento | fecha contable | fecha de pago | fecha pago | dia | date "
    "| booking date | transaction date | data | fecha y hora | fecha hora",
    Column.VALUE_DATE: "fecha valor | fecha de valor | value date | valuta | fecha de liquidacion "
    "| fecha de acreditacion",
    Column.AMOUNT: "importe | monto | valor | cantidad | amount | importe mxn | monto operacion "
    "| monto mxn | importe pesos | importe pagado | monto pagado | importe neto",
    Column.CREDIT: "abono | abonos | credito | creditos | haber | deposito | depositos | ingreso "
    "| ingresos | entrada | entradas | credit | credits | importe abono | deposits",
    Column.DEBIT: "cargo | cargos | debito | debitos | debe | retiro | retiros | egreso | egresos "
    "| salida | salidas | debit | debits | importe cargo | withdrawals",
    Column.SIGN: "tipo | tipo de movimiento | tipo movimiento | d c | c d | cargo abono | type",
    Column.BALANCE: "saldo | saldos | saldo disponible | saldo contable | saldo final | balance",
    Column.TEXT: "concepto | descripcion | detalle | movimiento | glosa | historico | leyenda "
    "| concepto de pago | observaciones | description | details | memo | concepto descripcion",
    Column.REFERENCE: "referencia | ref | numero de referencia | nro de referencia | folio "
    "| referencia numerica | referencia ampliada | clave de rastreo | comprobante | nro operacion "
    "| numero de operacion | nro comprobante | reference | codigo de pago | codigo de pago "
    "electronico | cupon | codigo de barras",
    Column.PAYER: "ordenante | nombre | nombre del ordenante | titular | remitente | cliente "
    "| nombre cliente | razon social | payer | name | pagador | beneficiario ordenante",
    Column.PAYER_ACCOUNT: "cuenta ordenante | cuenta origen | cuenta de origen | clabe | cbu "
    "| cci | cuenta del ordenante | iban | payer account",
    Column.BANK_ID: "id | id movimiento | id de movimiento | id transaccion | transaction id "
    "| identificador | numero de movimiento | nro movimiento | id operacion",
}
KNOWN = {column_key(name): column for column, names in _NAMES.items() for name in names.split("|")}
_OUT = frozenset(
    ["d", "debito", "debit", "cargo", "retiro", "egreso", "salida", "debe", "dr", "db"]
)
_IN = frozenset(
    ["c", "credito", "credit", "abono", "deposito", "ingreso", "entrada", "haber", "cr"]
)
_BEHIND = re.compile(r"\d *([a-z]+)\.?$")
"""Banks that have no minus write 250.00 DR."""


class TableReader:
    """Reads any table that has a date and an amount, or a credit and a debit column."""

    def fits(self, content: bytes) -> bool:
        """Whatever nobody else knows may be a table."""
        return bool(content.strip())

    def read(self, content: bytes, columns: Mapping[str, str] | None = None) -> Reading:
        try:
            sheet = read_sheet(content, KNOWN)
        except FileError as error:
            is_empty_file = error.fault is FileFault.EMPTY
            fault = StatementFault.EMPTY if is_empty_file else StatementFault.NOT_A_STATEMENT
            raise StatementError(fault, str(error)[:200]) from error
        places = _places(sheet.header, columns or {})
        _require(places, sheet.header)
        by_month = month_first(_cell(line, places[Column.DATE]) for line in sheet.lines)
        movements: list[Movement] = []
        problems: list[Problem] = []
        for line in sheet.lines:
            read = _movement(line, places, by_month)
            if isinstance(read, Movement):
                movements.append(read)
            else:
                problems.append(Problem(line.number, read, line.cells))
        told = ends(movements)
        return Reading(
            tuple(movements),
            tuple(problems),
            opening=told[0] if told else None,
            closing=told[1] if told else None,
            header=sheet.header,
            meanings=_meanings(places, len(sheet.header)),
            encoding=sheet.encoding,
        )


Places = Mapping[Column, Sequence[int]]


def _places(header: Sequence[str], columns: Mapping[str, str]) -> dict[Column, list[int]]:
    """Where each meaning stands. A person's word goes first; of names only texts may repeat."""
    found: dict[Column, list[int]] = {}
    said = {name: text for name, text in columns.items() if name in header}
    for place, name in enumerate(header):
        if name in said:
            if said[name] in set(Column):
                found.setdefault(Column(said[name]), []).append(place)
        elif (column := KNOWN.get(column_key(name))) and (
            column is Column.TEXT or column not in found
        ):
            found.setdefault(column, []).append(place)
    return found


def _require(places: Places, header: Sequence[str]) -> None:
    names = tuple(header)
    if Column.DATE not in places:
        raise StatementError(StatementFault.NO_DATE_COLUMN, header=names)
    if not {Column.AMOUNT, Column.CREDIT, Column.DEBIT} & set(places):
        raise StatementError(StatementFault.NO_AMOUNT_COLUMN, header=names)


def _meanings(places: Places, width: int) -> tuple[str, ...]:
    found = {place: str(column) for column, cells in places.items() for place in cells}
    return tuple(found.get(place, "") for place in range(width))


def _movement(line: Line, places: Places, by_month: bool) -> Movement | StatementFault:
    def cell(column: Column) -> str:
        return _cell(line, places.get(column, ()))

    try:
        on = read_date(cell(Column.DATE), month_first=by_month)
    except CellError:
        return StatementFault.NO_DATE
    try:
        amount = _amount(cell)
        balance = _read(cell(Column.BALANCE))
    except CellError:
        return StatementFault.NO_AMOUNT
    if isinstance(amount, StatementFault):
        return amount
    return Movement(
        place=line.number,
        on=on,
        amount=amount,
        text=cell(Column.TEXT),
        reference=cell(Column.REFERENCE),
        payer=cell(Column.PAYER),
        payer_account=cell(Column.PAYER_ACCOUNT),
        bank_id=cell(Column.BANK_ID),
        balance=balance,
    )


def _amount(cell: Callable[[Column], str]) -> Decimal | StatementFault:
    """Above zero came in. Raises CellError."""
    one = _read(cell(Column.AMOUNT))
    if one is not None:
        behind = _BEHIND.search(fold(cell(Column.AMOUNT)))
        sign = fold(cell(Column.SIGN)).partition(" ")[0].strip(".") or (behind[1] if behind else "")
        if sign in _OUT:
            return -abs(one)
        return abs(one) if sign in _IN else one
    credit, debit = _read(cell(Column.CREDIT)) or ZERO, _read(cell(Column.DEBIT)) or ZERO
    if credit and debit:
        return StatementFault.TWO_AMOUNTS
    if not credit and not debit:
        return StatementFault.NO_AMOUNT
    return credit - abs(debit)


def _read(text: str) -> Decimal | None:
    return None if is_empty(text) else read_amount(text)


def _cell(line: Line, places: Sequence[int]) -> str:
    """What stands there; several columns of text are joined."""
    texts = [line.cells[place] for place in places if place < len(line.cells)]
    return " · ".join(text for text in texts if text)
