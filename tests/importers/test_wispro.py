"""What Wispro's users had to do to their e-mails, undone."""

from caudal.core.ports.importer import Field
from caudal.integrations.importers.wispro import Wispro


def test_the_number_before_a_shared_email_is_taken_off() -> None:
    rows = [
        {Field.EMAILS: "ana@correo.example"},
        {Field.EMAILS: "1ana@correo.example, pago@correo.example"},
    ]
    assert Wispro().tidy(rows)[1] == {Field.EMAILS: "ana@correo.example; pago@correo.example"}


def test_an_email_that_begins_with_a_number_stays() -> None:
    rows = [{Field.EMAILS: "7mares@correo.example"}]
    assert Wispro().tidy(rows) == rows
