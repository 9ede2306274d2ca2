"""Whom rows of a router configured by hand belong to, how sure that is, and the plans they make."""

import pytest

from caudal.core.access import Access, Speed, Technology
from caudal.core.adoption import (
    DOUBTFUL,
    LIKELY,
    POINTS,
    Reason,
    guess,
    plan_key,
    propose_plans,
    read_text,
)
from caudal.core.ports.access import Candidate

TEN = Speed(2_000_000, 10_000_000)


def candidate(
    name, comment="", *, speed=TEN, address="10.30.0.3", online=False, doubts=(), **about
):
    access = Access(
        "", about.pop("kind", Technology.SIMPLE_QUEUE), name, speed, address=address, **about
    )
    return Candidate(access, comment, "", online, doubts)


@pytest.mark.parametrize(
    ("text", "person", "phone", "down"),
    [
        ("JUAN PEREZ 10M", "Juan Perez", "", 10_000),
        ("juan.perez_02", "Juan Perez", "", 0),
        ("Sra. María de la Peña - 55 1234 5678", "María de la Peña", "55 1234 5678", 0),
        ("PEREZ LOPEZ ANA plan 20MB/5MB", "Perez Lopez Ana", "", 20_000),
        ("Núñez, Óscar (5512345678) 512k", "Núñez Óscar", "5512345678", 512),
        ("Luis Paz (55) 1234-5678", "Luis Paz", "(55) 1234-5678", 0),
        ("cliente 034", "", "", 0),
        ("Ana del", "Ana", "", 0),
        ("de la", "", "", 0),
        ("", "", "", 0),
    ],
)
def test_comments_are_read_as_people_write_them(text, person, phone, down):
    found = read_text(text)
    assert (found.person, found.phone, found.speed_kbps[0]) == (person, phone, down)


@pytest.mark.parametrize("text", ["Camaras deposito", "AP torre norte", "vpn-oficina", "TOTAL"])
def test_what_is_nobodys_customer_is_noticed(text):
    assert read_text(text).is_infrastructure


def of(*candidates):
    return guess(candidates)


def test_a_full_name_with_its_speed_and_phone_is_nearly_sure():
    (sure,) = of(candidate("jperez", "JUAN PEREZ 10M 5512345678", online=True))
    assert (sure.person, sure.phone, sure.confidence) == ("Juan Perez", "5512345678", 100)
    assert set(sure.reasons) == {
        Reason.FULL_NAME, Reason.PHONE, Reason.SPEED_AGREES, Reason.ONLINE, Reason.OWN_ADDRESS,
    }  # fmt: skip
    assert sure.is_likely


def test_a_name_in_the_row_says_less_and_one_word_least():
    full, key, word, none = of(
        candidate("q1", "Ana Ruiz", address="10.0.0.1"),
        candidate("eva.gomez", "", address="10.0.0.2"),
        candidate("nora", "", address="10.0.0.3"),
        candidate("c034", "", address="10.0.0.4"),
    )
    assert full.confidence > key.confidence > word.confidence > none.confidence
    assert full.is_likely and not none.is_likely
    assert (word.person, none.person) == ("Nora", "")


def test_equipment_of_the_provider_is_left_out():
    (camera,) = of(candidate("Camaras", "señal a la guardia", speed=Speed()))
    assert camera.confidence < DOUBTFUL
    assert {Reason.INFRASTRUCTURE, Reason.NO_SPEED} <= set(camera.reasons)


def test_a_comment_that_names_another_speed_is_worth_a_look():
    (other,) = of(candidate("q", "JUAN PEREZ 50M"))
    assert Reason.SPEED_DIFFERS in other.reasons
    near = of(candidate("q", "JUAN PEREZ 11M"))[0]
    assert Reason.SPEED_AGREES in near.reasons


def test_two_rows_of_one_address_or_one_name_doubt_each_other():
    one, two, three = of(
        candidate("a", "Ana Ruiz"),
        candidate("b", "Luis Paz"),
        candidate("c", "ANA RUIZ", address=""),
    )
    assert Reason.SHARED_ADDRESS in one.reasons and Reason.SHARED_ADDRESS in two.reasons
    assert Reason.OWN_ADDRESS not in one.reasons
    assert Reason.SHARED_NAME in one.reasons and Reason.SHARED_NAME in three.reasons
    assert Reason.SHARED_NAME not in two.reasons


@pytest.mark.parametrize(
    ("doubt", "reason"),
    [
        ("wide-address", Reason.WIDE_ADDRESS),
        ("not-an-address", Reason.NOT_AN_ADDRESS),
        ("disabled", Reason.DISABLED),
    ],
)
def test_doubts_of_the_driver_count(doubt, reason):
    (found,) = of(candidate("q", "Ana Ruiz", address="", doubts=(doubt,)))
    assert reason in found.reasons
    assert found.confidence < of(candidate("q", "Ana Ruiz"))[0].confidence


def test_confidence_stays_between_nothing_and_all():
    (least,) = of(
        candidate("torre", speed=Speed(), address="", doubts=("wide-address", "disabled"))
    )
    assert least.confidence == 0
    assert set(POINTS) == set(Reason)
    assert DOUBTFUL < LIKELY


def test_speeds_in_use_become_plans_under_the_name_most_rows_give_them():
    plans = propose_plans(
        of(
            candidate("a", profile="Hogar", kind=Technology.PPPOE, address="10.0.0.1"),
            candidate("b", profile="Hogar", kind=Technology.PPPOE, address="10.0.0.2"),
            candidate("c", profile="default", kind=Technology.PPPOE, address="10.0.0.3"),
            candidate("d", profile="Plan 20M", kind=Technology.PPPOE, speed=Speed(1, 20_000_000)),
            candidate("e", speed=Speed(512_000, 1_500_000)),
            candidate("f", speed=Speed()),
        )
    )
    assert [(plan.technology, plan.name, plan.rows) for plan in plans] == [
        ("pppoe", "Hogar 10M/2M", 2), ("pppoe", "Plan 20M", 1), ("pppoe", "10M/2M", 1),
        ("simple_queue", "1500k/512k", 1),
    ]  # fmt: skip


def test_plans_of_one_name_and_other_bursts_are_told_apart():
    burst = Speed(2_000_000, 10_000_000, 4_000_000, 20_000_000, 1_000_000, 8_000_000, 8)
    names = [plan.name for plan in propose_plans(of(candidate("a"), candidate("b", speed=burst)))]
    assert sorted(names) == ["10M/2M", "10M/2M (2)"]


def test_rows_find_the_plan_that_was_proposed_for_them():
    row = candidate("a", profile="Hogar", kind=Technology.PPPOE, address="10.0.0.1")
    (plan,) = propose_plans(of(row))
    assert plan.key == plan_key(row.access)
