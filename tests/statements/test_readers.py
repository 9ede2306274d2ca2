"""Bank files read: every format, every encoding, and nothing but typed errors from rubbish."""

import csv
import io
import re
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.bank_lines import difference, keys
from caudal.core.ports.statement import Movement, Reading, StatementError, StatementFault
from caudal.integrations import manifests

READERS = {slug: made.connect(made.config()) for slug, made in manifests("statements").items()}
TABLE = """Banco Ejemplo;;;;;
Cuenta 0123;;;;;
Fecha;Concepto;Referencia;Cargos;Abonos;Saldo
01/07/2026;Depósito de María Peña;A-102;;1.300,50;2.300,50
13/07/2026;Comisión;;12,00;;2.288,50
14/07/2026;Transferencia Ñandú;000123;;300,00;2.588,50
Totales;;;12,00;1.600,50;
"""
SGML = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>MXN
<BANKACCTFROM><BANKID>012<ACCTID>0123456<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260701<DTEND>20260731
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260701120000[-6:CST]<TRNAMT>300.00<FITID>1<NAME>María Peña
<MEMO>
</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260702<TRNAMT>-12,50<FITID>2<MEMO>Comisión &amp;lt; IVA</STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260231<TRNAMT>1<FITID>3</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>1287.50<DTASOF>20260731</LEDGERBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"""
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<p:Document xmlns:p="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><p:BkToCstmrStmt><p:Stmt>
<p:Acct><p:Id><p:IBAN>ES9121000418450200051332</p:IBAN></p:Id><p:Ccy>EUR</p:Ccy></p:Acct>
<p:Bal><p:Tp><p:CdOrPrtry><p:Cd>OPBD</p:Cd></p:CdOrPrtry></p:Tp><p:Amt Ccy="EUR">100.00</p:Amt>
<p:CdtDbtInd>DBIT</p:CdtDbtInd></p:Bal>
<p:Bal><p:Tp><p:CdOrPrtry><p:Cd>CLBD</p:Cd></p:CdOrPrtry></p:Tp><p:Amt Ccy="EUR">540.00</p:Amt>
<p:CdtDbtInd>CRDT</p:CdtDbtInd></p:Bal>
<p:Ntry><p:Amt Ccy="EUR">650.00</p:Amt><p:CdtDbtInd>CRDT</p:CdtDbtInd>
<p:Sts><p:Cd>BOOK</p:Cd></p:Sts>
<p:BookgDt><p:Dt>2026-07-01</p:Dt></p:BookgDt><p:AcctSvcrRef>R1</p:AcctSvcrRef><p:NtryDtls>
<p:TxDtls><p:Refs><p:EndToEndId>NOTPROVIDED</p:EndToEndId></p:Refs><p:Amt Ccy="EUR">300.00</p:Amt>
<p:RltdPties><p:Dbtr><p:Pty><p:Nm>Ana Ruiz</p:Nm></p:Pty></p:Dbtr><p:DbtrAcct><p:Id>
<p:IBAN>ES1</p:IBAN></p:Id></p:DbtrAcct></p:RltdPties><p:RmtInf><p:Ustrd>Factura</p:Ustrd><p:Ustrd>A-7</p:Ustrd>
</p:RmtInf></p:TxDtls>
<p:TxDtls><p:Refs><p:EndToEndId>E2E-9</p:EndToEndId></p:Refs><p:Amt Ccy="EUR">350.00</p:Amt>
</p:TxDtls>
</p:NtryDtls></p:Ntry>
<p:Ntry><p:Amt Ccy="EUR">10</p:Amt><p:CdtDbtInd>DBIT</p:CdtDbtInd><p:Sts>BOOK</p:Sts>
<p:BookgDt><p:DtTm>2026-07-02T10:00:00</p:DtTm></p:BookgDt><p:AddtlNtryInf>Comisión</p:AddtlNtryInf></p:Ntry>
<p:Ntry><p:Amt Ccy="EUR">5</p:Amt><p:CdtDbtInd>CRDT</p:CdtDbtInd><p:Sts>PDNG</p:Sts></p:Ntry>
</p:Stmt></p:BkToCstmrStmt></p:Document>"""
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    + ']><Document xmlns="camt.053"><BkToCstmrStmt><Stmt>&j;</Stmt></BkToCstmrStmt></Document>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    "<Document><BkToCstmrStmt><Stmt><Ntry>&a;</Ntry></Stmt></BkToCstmrStmt></Document>"
)


def read(slug: str, content: bytes | str, **options: object) -> Reading:
    found: Reading = READERS[slug].read(
        content.encode() if isinstance(content, str) else content, **options
    )
    return found


def told(reading: Reading) -> list[tuple[date, str, str, str]]:
    return [(m.on, f"{m.amount:.2f}", m.text, m.reference) for m in reading.movements]


def best(content: bytes) -> str:
    """The format that the file is of, as the room asks for it."""
    return next((s for s in ("camt053", "ofx", "csv") if READERS[s].fits(content)), "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_tables_in_every_encoding_and_separator(encoding: str, separator: str) -> None:
    content = TABLE.replace(";", separator).encode(encoding)
    reading = read("csv", content)
    assert told(reading) == [
        (date(2026, 7, 1), "1300.50", "Depósito de María Peña", "A-102"),
        (date(2026, 7, 13), "-12.00", "Comisión", ""),
        (date(2026, 7, 14), "300.00", "Transferencia Ñandú", "000123"),
    ]
    assert (reading.opening, reading.closing) == (Decimal(1000), Decimal("2588.50"))
    assert difference(reading.movements, reading.opening, reading.closing) == 0
    assert [(p.fault, p.cells[0]) for p in reading.problems] == [("no-date", "Totales")]
    assert best(content) == "csv"


def test_one_amount_column_with_a_sign_or_a_word_for_it() -> None:
    signed = "date,description,amount\n2026-07-01,in,300.00\n2026-07-02,out,-5\n"
    assert [f"{m.amount:f}" for m in read("csv", signed).movements] == ["300.00", "-5.00"]
    worded = "Fecha,Detalle,Tipo,Importe\n1/7/26,a,Crédito,300\n2/7/26,b,DÉBITO,5\n3/7/26,c,D,7\n"
    assert [int(m.amount) for m in read("csv", worded).movements] == [300, -5, -7]


def test_a_person_says_what_columns_mean() -> None:
    table = "cuando,que,plata,otra\n2026-07-01,Ana,300,9\n"
    with pytest.raises(StatementError, match="no-date-column"):
        read("csv", table)
    columns = {"cuando": "date", "que": "payer", "plata": "amount", "otra": ""}
    (line,) = read("csv", table, columns=columns).movements
    assert (line.payer, line.amount) == ("Ana", 300)


def test_a_row_with_both_amounts_or_none_stays_out_with_its_cells() -> None:
    table = "Fecha;Cargo;Abono;Concepto\n1/7/26;5;6;a\n1/7/26;;;b\n1/7/26;x;;c\n31/2/26;;1;d\n"
    faults = [(p.place, p.fault, p.cells[3]) for p in read("csv", table).problems]
    assert faults == [
        (2, "two-amounts", "a"), (3, "no-amount", "b"), (4, "no-amount", "c"), (5, "no-date", "d"),
    ]  # fmt: skip


def test_a_file_that_runs_backward_has_the_same_ends() -> None:
    head, *rows = TABLE.splitlines()[2:6]
    reading = read("csv", "\n".join([head, *reversed(rows)]))
    assert (reading.opening, reading.closing) == (Decimal(1000), Decimal("2588.50"))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_ofx_with_open_and_empty_elements(encoding: str) -> None:
    reading = read("ofx", SGML.encode(encoding))
    assert best(SGML.encode(encoding)) == "ofx"
    assert told(reading) == [
        (date(2026, 7, 1), "300.00", "", ""),
        (date(2026, 7, 2), "-12.50", "Comisión &lt; IVA", ""),
    ]
    assert (reading.movements[0].payer, reading.number) == ("María Peña", "0123456")
    assert (reading.currency, reading.closing) == ("MXN", Decimal("1287.50"))
    assert [p.fault for p in reading.problems] == ["no-date"]


def test_ofx_as_xml() -> None:
    text = (
        '<?xml version="1.0"?><?OFX OFXHEADER="200" VERSION="211"?>' + SGML[SGML.index("<OFX>") :]
    )
    for leaf in ("TRNTYPE", "DTPOSTED", "TRNAMT", "FITID", "NAME"):
        text = re.sub(rf"<{leaf}>([^<\n]+)", rf"<{leaf}>\1</{leaf}>", text)
    assert len(read("ofx", text).movements) == 2


def test_camt_of_any_prefix_with_a_booked_sum_taken_apart() -> None:
    reading = read("camt053", CAMT)
    assert best(CAMT.encode()) == "camt053"
    assert told(reading) == [
        (date(2026, 7, 1), "300.00", "Factura A-7", ""),
        (date(2026, 7, 1), "350.00", "", "E2E-9"),
        (date(2026, 7, 2), "-10.00", "Comisión", ""),
    ]
    first = reading.movements[0]
    assert (first.payer, first.payer_account, first.bank_id) == ("Ana Ruiz", "ES1", "R1/1")
    assert difference(reading.movements, reading.opening, reading.closing) == 0
    assert [p.fault for p in reading.problems] == ["not-booked"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("ref", ["", "<Refs><AcctSvcrRef>R9</AcctSvcrRef></Refs>"])
def test_camt_payments_of_one_amount_in_one_sum_are_all_kept(ref: str) -> None:
    """Banks repeat the name of the sum in each of its payments."""
    detail = "<TxDtls>{}<Amt>300.00</Amt><RltdPties><Dbtr><Nm>{}</Nm></Dbtr></RltdPties></TxDtls>"
    details = "".join(detail.format(ref, name) for name in ("Ana", "Luis", "Ana"))
    entry = (
        "<Amt>900.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-07-01</Dt></BookgDt>"
        f"<AcctSvcrRef>R9</AcctSvcrRef><NtryDtls>{details}</NtryDtls>"
    )
    file = f"<Document><BkToCstmrStmt><Stmt><Ntry>{entry}</Ntry></Stmt></BkToCstmrStmt></Document>"
    reading = read("camt053", file)
    assert [f"{line.amount:.2f}" for line in reading.movements] == ["300.00"] * 3
    assert len(set(keys(reading.movements))) == 3


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [(("300.00", "12.50"), [300, Decimal("-12.5")]), (("-300.00", "12.50"), [-300, 12.5])],
)
def test_ofx_without_signs_goes_by_the_kinds_of_its_rows(
    amounts: tuple[str, str], expected: list[Decimal]
) -> None:
    """Where any amount has a sign, the signs are believed: a fee may be given back."""
    row = "<STMTTRN><TRNTYPE>{}<DTPOSTED>20260701<TRNAMT>{}<FITID>{}</STMTTRN>"
    rows = row.format("CREDIT", amounts[0], 1) + row.format("FEE", amounts[1], 2)
    reading = read("ofx", f"<OFX><STMTRS>{rows}</STMTRS></OFX>")
    assert [line.amount for line in reading.movements] == expected


@pytest.mark.parametrize("content", [BOMB, OUTSIDE])
def test_entities_are_refused_unread(content: str) -> None:
    with pytest.raises(StatementError) as caught:
        read("camt053", content)
    assert caught.value.fault == StatementFault.FORBIDDEN_XML
    with pytest.raises(StatementError) as caught:
        read("ofx", content.replace("<Document", "<OFX></OFX><Document"))
    assert caught.value.fault == StatementFault.FORBIDDEN_XML


@pytest.mark.parametrize(
    ("slug", "content"),
    [
        ("camt053", CAMT[:900]),
        ("camt053", "<a><b></a>"),
        ("camt053", "<a/>"),
        ("camt053", ""),
        ("ofx", "<OFX></OFX>"),
        ("ofx", "nothing"),
        ("ofx", "<OFX>" + "</X>" * 50),
        ("csv", ""),
        ("csv", "%PDF-1.4\0\1\2\3\4\5\6"),
        ("csv", "one column\nof words\n"),
    ],
)
def test_what_is_no_statement_says_so(slug: str, content: str) -> None:
    with pytest.raises(StatementError):
        read(slug, content)


@pytest.mark.parametrize("slug", sorted(READERS))
@given(content=st.binary(max_size=400))
def test_rubbish_raises_nothing_but_the_typed_error(slug: str, content: bytes) -> None:
    for seed in (b"", {"csv": b"Fecha;Importe\n", "ofx": b"<OFX>"}.get(slug, b"<Document>")):
        with suppress(StatementError):
            read(slug, seed + content)


@pytest.mark.parametrize(("slug", "whole"), [("csv", TABLE), ("ofx", SGML), ("camt053", CAMT)])
@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_file_raises_nothing_but_the_typed_error(
    slug: str, whole: str, data: st.DataObject
) -> None:
    content = bytearray(whole.encode())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        reading = read(slug, bytes(content))
    except StatementError:
        return
    assert all(line.amount.is_finite() for line in reading.movements)


_WORDS = st.text("abcdefghijklmnñopqrstuvwxyzáé 0123456789", min_size=1, max_size=20).map(
    lambda text: " ".join(f"x{text}".split())
)
_LINES = st.lists(
    st.builds(
        Movement,
        place=st.just(0),
        on=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
        amount=st.decimals(-99999, 99999, places=2).filter(bool),
        text=_WORDS,
        reference=_WORDS,
        payer=_WORDS,
    ),
    min_size=1,
    max_size=15,
)


def plain(lines: list[Movement] | tuple[Movement, ...]) -> list[tuple[object, ...]]:
    return [(m.on, m.amount, m.text, m.reference, m.payer) for m in lines]


@settings(max_examples=60)
@given(lines=_LINES, separator=st.sampled_from(";,\t|"), by_comma=st.booleans())
def test_a_table_comes_back_as_it_was_written(
    lines: list[Movement], separator: str, by_comma: bool
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(["Fecha", "Importe", "Concepto", "Referencia", "Ordenante"])
    for m in lines:
        amount = f"{m.amount:.2f}".replace(".", "," if by_comma else ".")
        writer.writerow([f"{m.on:%d/%m/%Y}", amount, m.text, m.reference, m.payer])
    # Day and month are told apart by the days above 12; one such day settles it.
    writer.writerow(["31/12/2026", "1.00", "fin", "", ""])
    reading = read("csv", out.getvalue())
    assert plain(reading.movements[:-1]) == plain(lines)


@settings(max_examples=60)
@given(lines=_LINES)
def test_an_ofx_comes_back_as_it_was_written(lines: list[Movement]) -> None:
    rows = "".join(
        f"<STMTTRN><DTPOSTED>{m.on:%Y%m%d}<TRNAMT>{m.amount}<MEMO>{m.text}"
        f"<REFNUM>{m.reference}<NAME>{m.payer}</STMTTRN>"
        for m in lines
    )
    reading = read("ofx", f"<OFX><STMTRS><BANKTRANLIST>{rows}</BANKTRANLIST></STMTRS></OFX>")
    assert plain(reading.movements) == plain(lines)


@given(lines=_LINES)
def test_the_same_lines_have_the_same_keys_and_others_have_others(lines: list[Movement]) -> None:
    twice = lines + lines
    found = keys(twice)
    assert len(set(found)) == len(found)
    assert found[: len(lines)] == keys(lines)


def test_a_bank_id_that_two_lines_share_does_not_hide_one() -> None:
    one = Movement(1, date(2026, 7, 1), Decimal(5), bank_id="77")
    other = Movement(2, date(2026, 7, 1), Decimal(6), bank_id="77")
    again = Movement(9, date(2026, 7, 1), Decimal("5.00"), text="reworded", bank_id="77")
    first, second = keys([one, other])
    assert first != second and keys([again]) == [first]


@pytest.mark.timeout(120)
def test_ten_megabytes_are_read() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n % 300) for n in range(100_000)]
    rows = "\n".join(
        f"{on:%d/%m/%Y};Transferencia de alguien con nombre largo {n};REF{n};;{n % 900 + 1},00;"
        for n, on in enumerate(days)
    )
    table = "Fecha;Concepto;Referencia;Cargos;Abonos;Observaciones\n" + rows
    reading = read("csv", table + " " * (10_000_000 - len(table)))
    assert len(reading.movements) == 100_000
    bits = (
        "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260701<TRNAMT>300.00<FITID>{}<NAME>Alguien</STMTTRN>\n"
    )
    many = "".join(bits.format(n) for n in range(100_000))
    assert len(read("ofx", f"<OFX><STMTRS>{many}</STMTRS></OFX>").movements) == 100_000
