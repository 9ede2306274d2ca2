"""Nothing of the journal is told in codes."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from caudal.apps.staff.actor import Actor, actor_word
from caudal.apps.staff.history import tell
from caudal.apps.staff.journal import record
from caudal.apps.staff.models import Role


@pytest.mark.django_db
def test_keys_and_codes_that_no_column_names_are_told_in_words() -> None:
    entry = record(
        Actor.system("clock"),
        "service.suspend",
        Role.objects.create(name="cobranza"),
        now=datetime(2026, 7, 5, 8, tzinfo=UTC),
        after={"reason": "unpaid"},
    )
    assert entry
    with override("es"):
        assert tell([entry])[0].changes == [("Motivo", "", "falta de pago")]


def test_parts_of_the_system_have_words_and_people_their_names() -> None:
    with override("es"):
        assert actor_word("clock") == "el reloj"
        assert actor_word("Patricia Núñez") == "Patricia Núñez"
