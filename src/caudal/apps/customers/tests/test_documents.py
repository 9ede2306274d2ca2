"""Documents are read as their country writes them, and refused where they cannot be right."""

import pytest
from django.core.exceptions import ValidationError

from caudal.apps.customers import actions
from caudal.apps.customers.documents import choices_of, read_document, recognise
from caudal.apps.customers.models import Customer, Zone
from caudal.apps.customers.tests.conftest import CLERK, NOW


@pytest.mark.parametrize(
    ("country", "kind", "typed", "kept"),
    [
        ("MX", "RFC", "gode-561231 gr8", "GODE 561231 GR8"),
        ("MX", "RFC", "XAXX010101000", "XAXX 010101 000"),
        ("MX", "CURP", "boxw310820hnerxn09", "BOXW310820HNERXN09"),
        ("AR", "DNI", "20123456", "20.123.456"),
        ("AR", "CUIT", "20055361682", "20-05536168-2"),
        ("CL", "RUT", "125319092", "12.531.909-2"),
        ("CO", "NIT", "2131234321", "213.123.432-1"),
        ("CO", "CC", "1020304050", "1020304050"),
        ("PE", "DNI", "10117410", "10117410"),
        ("PE", "RUC", "20512333797", "20512333797"),
        ("EC", "CI", "171430710-3", "1714307103"),
        ("EC", "RUC", "1792060346-001", "1792060346001"),
        ("ES", "NIF", "54362315-k", "54362315K"),
        ("ES", "NIF", "X2482300W", "X2482300W"),
        ("HN", "DNI", "0801-1990-12345", "0801-1990-12345"),
        ("BO", "CI", "lo que sea 7", "lo que sea 7"),
        ("US", "Otro", "ABC 1", "ABC 1"),
    ],
)
def test_a_document_is_kept_as_its_country_writes_it(
    country: str, kind: str, typed: str, kept: str
) -> None:
    assert read_document(country, kind, typed) == kept


@pytest.mark.parametrize(
    ("country", "kind", "typed"),
    [
        ("MX", "RFC", "GODE561331GR8"),
        ("MX", "CURP", "BOXW310820HNERXN08"),
        ("AR", "DNI", "123"),
        ("AR", "CUIT", "20-05536168-3"),
        ("CL", "RUT", "12.531.909-3"),
        ("CO", "NIT", "213.123.432-2"),
        ("CO", "CC", "12.345.678.901.2"),
        ("PE", "DNI", "1011741"),
        ("PE", "DNI", "10117410-3"),
        ("PE", "RUC", "20512333798"),
        ("EC", "CI", "171430710-4"),
        ("EC", "RUC", "1792060347-001"),
        ("ES", "NIF", "54362315Z"),
        ("GT", "DPI", "123"),
    ],
)
def test_a_document_that_cannot_be_right_is_refused(country: str, kind: str, typed: str) -> None:
    with pytest.raises(ValidationError):
        read_document(country, kind, typed)


@pytest.mark.parametrize(
    ("country", "kind", "typed", "owner", "other"),
    [
        ("MX", "RFC", "GODE561231GR8", "natural", "legal"),
        ("MX", "RFC", "SAT970701NN3", "legal", "natural"),
        ("MX", "CURP", "BOXW310820HNERXN09", "natural", "legal"),
        ("AR", "CUIT", "20-05536168-2", "natural", "legal"),
        ("PE", "RUC", "20512333797", "legal", "natural"),
        ("ES", "NIF", "B58378431", "legal", "natural"),
        ("BR", "CNPJ", "16.727.230/0001-97", "legal", "natural"),
    ],
)
def test_a_number_of_the_other_kind_of_person_is_refused(
    country: str, kind: str, typed: str, owner: str, other: str
) -> None:
    for person in (owner, "other"):
        assert read_document(country, kind, typed, person)
    with pytest.raises(ValidationError):
        read_document(country, kind, typed, other)


@pytest.mark.parametrize(
    ("country", "number", "kind"),
    [
        ("MX", "GODE561231GR8", "RFC"),
        ("MX", "BOXW310820HNERXN09", "CURP"),
        ("AR", "20123456", "DNI"),
        ("AR", "20055361682", "CUIT"),
        ("PE", "10117410", "DNI"),
        ("PE", "20512333797", "RUC"),
        ("CO", "1020304050", "CC"),
        ("CO", "2131234321", ""),
        ("MX", "hola", ""),
        ("US", "123", ""),
    ],
)
def test_a_number_tells_which_document_it_is_where_only_one_fits(
    country: str, number: str, kind: str
) -> None:
    assert recognise(country, number) == kind


def test_each_kind_of_person_is_offered_his_own_documents() -> None:
    assert [code for code, _label in choices_of("MX", "legal")] == ["RFC", "Otro"]
    assert "CURP" in dict(choices_of("MX", "natural"))
    assert "CURP" in dict(choices_of("MX", "other"))


def test_the_kind_is_written_where_the_number_tells_it(zone: Zone) -> None:
    data = {"name": "Ana", "zone": zone, "address": "Bolívar 321"}
    data |= {"document_number": "gode561231gr8"}
    customer = actions.register_customer(actor=CLERK, now=NOW, data=data)
    assert (customer.document_type, customer.document_number) == ("RFC", "GODE 561231 GR8")


def test_invoices_bear_the_legal_address_with_its_city_or_that_of_the_service(
    customer: Customer,
) -> None:
    assert customer.billing_address() == "Calle #12, Colonia Centro"
    legal = {"legal_address": "Bilbao 445", "legal_postal_code": "06700"}
    legal |= {"legal_city": "Cuauhtémoc", "legal_state": "CDMX"}
    actions.edit_customer(actor=CLERK, now=NOW, customer=customer, data=legal)
    assert customer.billing_address() == "Bilbao 445, 06700 Cuauhtémoc, CDMX"


def test_who_came_with_a_wrong_document_can_still_be_edited(customer: Customer) -> None:
    Customer.objects.update(document_type="RFC", document_number="PENDIENTE")
    customer.refresh_from_db()
    actions.check_edit(customer=customer, data={"city": "Toluca"})
    actions.edit_customer(actor=CLERK, now=NOW, customer=customer, data={"city": "Toluca"})
    with pytest.raises(ValidationError):
        actions.edit_customer(
            actor=CLERK, now=NOW, customer=customer, data={"document_number": "OTRO"}
        )
