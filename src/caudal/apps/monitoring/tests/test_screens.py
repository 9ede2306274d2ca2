"""The screens of monitoring: what they show, to whom, and what their forms do."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.models import Adjustment
from caudal.apps.billing.tests.world import at, d
from caudal.apps.clock.jobs import Run
from caudal.apps.monitoring.actions.credits import post_approved
from caudal.apps.monitoring.models import Announcement, CheckTemplate, Device, Rules, Sample
from caudal.apps.monitoring.tests.conftest import NOON, Tower
from caudal.apps.outages.models import Outage
from caudal.apps.staff.models import Role, User

ClientAs = Callable[..., Client]


@pytest.fixture
def owner(client_as: ClientAs) -> Client:
    client = client_as("owner")
    client.cookies["django_language"] = "en"
    return client


def text(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"monitoring:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_list_shows_who_is_down_first_and_why_others_are_unreachable(
    tower: Tower, owner: Client
) -> None:
    well = tower.device("Aparato sano")
    tower.rounds(4, tower.router, tower.radio)
    page = text(owner, "devices")
    assert page.index("Router Cerro") < page.index("Sector 1") < page.index(well.name)
    assert "because of Router Cerro" in page
    assert "Aparato sano" not in text(owner, "devices", health="down")
    assert well.address not in text(owner, "devices", q="sector")
    assert "No device matches" in text(owner, "devices", q="zzz")


def test_empty_screens_say_what_to_do(db: None, owner: Client) -> None:
    assert "No devices yet" in text(owner, "devices")
    assert "No outages" in text(owner, "outages")
    assert "No templates yet" in text(owner, "templates")
    assert "Everything answers" in text(owner, "card")


def test_a_device_is_stored_with_its_community_hidden(tower: Tower, owner: Client) -> None:
    radio = {
        "name": "Enlace", "kind": "link", "address": "10.0.0.77", "site": tower.site.pk,
        "parent": tower.router.pk, "router": "", "template": tower.template.pk,
        "community": "s3creta", "snmp_version": "2c", "snmp_port": "161", "is_active": "on",
    }  # fmt: skip
    answer = owner.post(reverse("monitoring:new_device"), radio)
    made = Device.objects.get(name="Enlace")
    assert answer.headers["Location"] == reverse("monitoring:device", args=[made.pk])
    form = text(owner, "edit_device", made.pk)
    assert "s3creta" not in form
    owner.post(reverse("monitoring:edit_device", args=[made.pk]), {**radio, "community": ""})
    assert Device.objects.get(pk=made.pk).community == "s3creta"
    wrong = owner.post(reverse("monitoring:new_device"), {**radio, "address": "http://x/"})
    assert "Type only the address" in wrong.content.decode()


def test_a_device_below_cannot_be_the_parent_and_the_form_says_so(
    tower: Tower, owner: Client
) -> None:
    values = {
        "name": "Router Cerro", "kind": "router", "address": "10.0.0.1", "snmp_version": "2c",
        "snmp_port": "161", "parent": tower.radio.pk, "template": tower.template.pk,
    }  # fmt: skip
    answer = owner.post(reverse("monitoring:edit_device", args=[tower.router.pk]), values)
    assert "Sector 1 hangs from this device already." in answer.content.decode()


def test_measures_are_drawn_and_told_as_a_table(tower: Tower, owner: Client) -> None:
    now = NOON
    Sample.objects.bulk_create(
        Sample(device=tower.radio, metric="latency", at=now - timedelta(minutes=n), value=n + 0.5)
        for n in range(3)
    )
    page = text(owner, "device", tower.radio.pk)
    assert reverse("monitoring:chart", args=[tower.radio.pk, "latency"]) in page
    assert "Nothing was measured" in text(owner, "chart", tower.radio.pk, "signal")


def test_templates_and_rules_are_stored(tower: Tower, owner: Client) -> None:
    template = {
        "name": "Enlaces", "interval_s": "30", "ping_count": "5", "timeout_ms": "500",
        "fail_checks": "4", "fail_minutes": "3", "recover_checks": "3", "flaps": "4",
        "flap_minutes": "30", "settle_minutes": "10", "profile": "ubnt", "read_s": "120",
        "min_signal": "-75", "raises_alarm": "on",
    }  # fmt: skip
    owner.post(reverse("monitoring:new_template"), template)
    made = CheckTemplate.objects.get(name="Enlaces")
    assert (made.min_signal, made.opens_outage, made.max_loss) == (-75, False, None)
    rules = {
        "alarm_emails": "noc@example.com", "grace_days": "2", "credit_from_minutes": "60",
        "credit_unit": "day", "sample_days": "2", "hour_days": "60", "day_days": "400",
    }  # fmt: skip
    wrong = owner.post(reverse("monitoring:rules"), {**rules, "alarm_emails": "nadie"})
    assert wrong.status_code == 200
    owner.post(reverse("monitoring:rules"), rules)
    assert Rules.current().recipients() == ["noc@example.com"]
    assert "noc@example.com" in text(owner, "templates")


def test_an_outage_is_opened_corrected_told_ended_and_credited(tower: Tower, owner: Client) -> None:
    people = [tower.mailed(name=f"Ana {n}") for n in range(3)]
    for customer in people:
        tower.on_router(customer)
    start = {
        "title": "Torre Cerro", "cause": "Sin luz", "started_at": "2026-07-03T12:00",
        "grace_days": "2", "site": [tower.site.pk], "customer": "",
    }  # fmt: skip
    nothing = owner.post(reverse("monitoring:new_outage"), {**start, "site": []})
    assert "Choose what fails" in nothing.content.decode()
    unknown = owner.post(reverse("monitoring:new_outage"), {**start, "customer": "zz9"})
    assert "There is no customer with the code zz9." in unknown.content.decode()
    owner.post(reverse("monitoring:new_outage"), start)
    outage = Outage.objects.get()
    assert outage.started_at == at(d(7, 3))
    page = text(owner, "outage", outage.pk)
    assert all(customer.name in page for customer in people)
    preview = text(owner, "tell_begun", outage.pk)
    assert "Torre Cerro" in preview
    assert "3 customers" in preview
    for _ in range(2):
        owner.post(reverse("monitoring:tell_begun", args=[outage.pk]))
    assert Announcement.objects.count() == 1
    early = {"ended_at": "2026-07-01T00:00"}
    refused = owner.post(reverse("monitoring:end_outage", args=[outage.pk]), early)
    assert "It cannot end before it began." in refused.content.decode()
    owner.post(reverse("monitoring:end_outage", args=[outage.pk]), {"ended_at": "2026-07-04T14:00"})
    owner.post(reverse("monitoring:propose_credits", args=[outage.pk]))
    review = text(owner, "credits", outage.pk)
    assert "1560 minutes without service" in review
    first = outage.credits.order_by("pk")[0]
    decide = reverse("monitoring:decide_credits", args=[outage.pk])
    owner.post(decide, {"approve": "1"})
    assert not outage.credits.filter(status="approved").exists(), "nothing was chosen"
    owner.post(decide, {"reject": "1", "chosen": [str(first.pk)]})
    owner.post(decide, {"approve": "1", "all": "1"})
    assert post_approved(Run(), NOON)["posted"] == 2
    assert set(Adjustment.objects.values_list("amount", flat=True)) == {D("10.48")}
    assert Adjustment.objects.filter(customer=first.customer).count() == 0


def test_a_false_alarm_is_asked_twice_and_then_holds_nobody(tower: Tower, owner: Client) -> None:
    outage = tower.outage(NOON, customer=[tower.customer()])
    assert "as if it had not been" in text(owner, "void_outage", outage.pk)
    owner.post(reverse("monitoring:void_outage", args=[outage.pk]))
    outage.refresh_from_db()
    assert outage.state == Outage.State.VOID
    assert "not held" in text(owner, "outage", outage.pk)


def test_the_customers_page_tells_his_outages_and_through_what_he_is_served(
    tower: Tower, owner: Client
) -> None:
    customer = tower.customer()
    tower.on_radio(customer)
    tower.outage(NOON, device=[tower.radio], title="Antena caída")
    panel = text(owner, "customer", customer.pk)
    assert "Sector 1" in panel
    assert "Antena caída" in panel
    assert "His cuts, late fees and reminders wait." in panel


def test_the_site_and_the_map_show_the_worst_of_its_devices(tower: Tower, owner: Client) -> None:
    tower.site.latitude, tower.site.longitude = D("19.432608"), D("-99.133209")
    tower.site.contact = "Don Beto"
    tower.site.save()
    tower.rounds(4, tower.radio)
    assert "Don Beto" in text(owner, "site", tower.site.pk)
    (place,) = owner.get(reverse("monitoring:map")).json()["features"]
    assert place["properties"]["state"] == "down"
    assert place["properties"]["down"] == 1


def test_a_collector_sees_only_his_own_among_the_affected(
    tower: Tower, client_as: ClientAs, user_with_role: Callable[..., object]
) -> None:
    Role.objects.filter(code="support").update(only_own_customers=True)
    user = user_with_role("support")
    assert isinstance(user, User)
    mine, other = tower.customer(name="Mía", collector=user), tower.customer(name="Ajena")
    outage = tower.outage(NOON, customer=[mine, other])
    page = client_as("support").get(reverse("monitoring:outage", args=[outage.pk]))
    assert "Mía" in page.content.decode()
    assert "Ajena" not in page.content.decode()
    foreign = reverse("monitoring:customer", args=[other.pk])
    assert client_as("support").get(foreign).status_code == 404


def test_who_may_only_look_opens_nothing_and_credits_nothing(
    tower: Tower, client_as: ClientAs
) -> None:
    outage = tower.outage(at(d(7, 3)), at(d(7, 4)), customer=[tower.customer()])
    technician = client_as("technician")
    assert technician.get(reverse("monitoring:new_device")).status_code == 403
    for name in ("propose_credits", "decide_credits"):
        answer = technician.post(reverse(f"monitoring:{name}", args=[outage.pk]))
        assert answer.status_code == 403
    cashier = client_as("cashier")
    assert cashier.get(reverse("monitoring:devices")).status_code == 403
    assert cashier.post(reverse("monitoring:new_outage")).status_code == 403


def test_customers_are_put_behind_a_device_by_their_codes(tower: Tower, owner: Client) -> None:
    first, second = tower.customer(), tower.customer()
    codes = {"customers": f"{first.code}, {second.code}"}
    owner.post(reverse("monitoring:serve", args=[tower.radio.pk]), codes)
    assert tower.radio.services.count() == 2
    row = tower.radio.services.get(service__customer=first)
    owner.post(reverse("monitoring:unserve", args=[row.pk]))
    assert tower.radio.services.count() == 1
