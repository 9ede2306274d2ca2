"""One record becomes a customer with his service, or changes those it became before."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from caudal.apps.billing.models import Adjustment
from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions as customers
from caudal.apps.customers.actions.customers import check_new
from caudal.apps.customers.contacts import ContactData, keep_contacts
from caudal.apps.customers.fields import Value
from caudal.apps.customers.models import Customer, CustomField, Service
from caudal.apps.imports import access, custom, debts, states
from caudal.apps.imports.kept import CUSTOMER, SERVICE, keeping
from caudal.apps.imports.models import ImportRow, Origin
from caudal.apps.imports.present import contacts_of, phones_of
from caudal.apps.imports.records import GROUPS, Problem, Record, read_record
from caudal.apps.imports.taking import Refused, Taken, Taking
from caudal.apps.imports.words import field_label
from caudal.apps.network.errors import NetworkError
from caudal.apps.network.models import Connection
from caudal.core.errors import RuleError
from caudal.core.ports.importer import SECRET, Field, Values
from caudal.web.errors import explain

MASK = "•••"
HASH_LENGTH = 16


def take(record: Record, values: Values, taking: Taking) -> Taken:
    """Write what the row says, or try it (`Taking.is_trial`); inside a transaction of the caller.

    Raises Refused.
    """
    if record.is_wrong:
        raise Refused(record.problems)
    if not record.key:
        raise Refused([Problem("", _("The row has nothing to know the customer by."))])
    try:
        return _take(record, values, taking)
    except (ValidationError, RuleError) as error:
        raise Refused([*record.problems, *problems_of(error)]) from error


def problems_of(error: ValidationError | RuleError) -> list[Problem]:
    """The refusal in words, one per field."""
    if isinstance(error, NetworkError):
        return [Problem(_NETWORK_FIELDS.get(error.field, error.field), explain(error))]
    if isinstance(error, RuleError):
        return [Problem("", explain(error))]
    if hasattr(error, "error_dict"):
        return [
            Problem(_CUSTOMER_FIELDS.get(name, name), " ".join(messages))
            for name, messages in error.message_dict.items()
        ]
    return [Problem("", " ".join(error.messages))]


_NETWORK_FIELDS = {"address": Field.IP_ADDRESS.value}
_CUSTOMER_FIELDS = {"state": Field.PROVINCE.value, "__all__": ""}


def _take(record: Record, values: Values, taking: Taking) -> Taken:
    origin = _origin(record, taking)
    if origin is None:
        return _create(record, values, taking)
    return _update(origin, record, values, taking)


def _origin(record: Record, taking: Taking) -> Origin | None:
    """What the row became before, or what it is of ours though no import brought it."""
    if record.key in taking.present.keys:
        rows = Origin.objects.select_for_update(of=("self",)).filter(source=taking.source)
        return rows.select_related("customer", "service").get(key=record.key)
    known = None if taking.is_trial else _known_service(record, taking)
    if known is None:
        return None
    return Origin(
        source=taking.source,
        key=record.key,
        customer_key=record.customer_key,
        customer=known.customer,
        service=known,
    )


def _known_service(record: Record, taking: Taking) -> Service | None:
    """A service that is here already and was no other row: by its user, or by his code."""
    router, held = taking.lookups.router(record.router), None
    if router and record.username in taking.present.held:
        live = Connection.objects.live().select_related("service__customer", "service__plan")
        held = live.filter(router=router, username=record.username).first()
    if held:
        return held.service
    code = record.customer.get("code", "")
    if ("code", code) not in taking.present.taken:
        return None
    others = Origin.objects.filter(source=taking.source).exclude(service=None)
    services = Service.objects.filter(customer__code=code).select_related("customer", "plan")
    found = list(services.exclude(pk__in=others.values("service"))[:2])
    return found[0] if len(found) == 1 else None


def _create(record: Record, values: Values, taking: Taking) -> Taken:
    plan = taking.lookups.plan(record.plan)
    if plan is None:
        raise Refused([*record.problems, _unknown(Field.PLAN, record.plan)])
    problems = list(record.problems)
    known = _customer_of(record, taking)
    newcomer = None if known else _newcomer(record, taking, problems)
    way = access.way_of(record, plan, taking, problems)
    taken = Taken(ImportRow.Plan.NEW, [], problems)
    if newcomer is not None and taking.is_trial:
        _try(record, newcomer, plan, way, taking)
    else:
        customer = known or _register(record, newcomer, taking)
        service, note = _serve(record, customer, plan, way, taking)
        _remember(record, values, service, taking)
        taken.customer, taken.service = customer, service
        taken.kept.brought = [SERVICE] if known else [CUSTOMER, SERVICE]
        taken.kept.note = note.pk if note else None
    changes = [[meaning, "", shown(meaning, text)] for meaning, text in values.items()]
    taken.changes = custom.labelled(changes, taking.fields)
    return taken


def _customer_of(record: Record, taking: Taking) -> Customer | None:
    """Who came with another row of the same customer: this one is one more service of his."""
    return taking.present.people.get(record.customer_key) if record.customer_key else None


@dataclass(frozen=True, slots=True)
class _Newcomer:
    """A customer whom a row brings, as the actions take him."""

    data: dict[str, Any]
    contacts: list[ContactData]
    own: dict[CustomField, Value | None]


def _newcomer(record: Record, taking: Taking, problems: list[Problem]) -> _Newcomer:
    zone = taking.lookups.zone(record.zone)
    if zone is None:
        raise Refused([*record.problems, _unknown(Field.ZONE, record.zone)])
    company = taking.lookups.company(record) or zone.company
    contacts = contacts_of(record, taking.lookups)
    problems += _duplicates(record, contacts, taking)
    unread: list[Problem] = []
    own = custom.read_custom(record, taking, company.country, unread)
    custom.keep_unread(record, unread, taking.fields)
    problems += unread
    data = record.customer | {"zone": zone, "company": company}
    if not data.get("address"):
        data["address"] = _("To be completed")
        text = _("Without an address: the customer is marked to be completed.")
        problems.append(Problem(Field.ADDRESS, text, stops=False))
    data.setdefault("registered_on", record.started_on or taking.today)
    return _Newcomer(data, contacts, own)


def _try(
    record: Record, newcomer: _Newcomer, plan: Plan, way: access.Way | None, taking: Taking
) -> None:
    """Refuse what `_register` and `_serve` would, of somebody whom nobody stands in the way of."""
    customer = check_new(now=taking.now, data=newcomer.data)
    if way is not None:
        access.check_access(record, Service(customer=customer, plan=plan), way, taking)
    debts.check_balance(record, customer.company.currency, taking)


def _register(record: Record, newcomer: _Newcomer | None, taking: Taking) -> Customer:
    assert newcomer is not None  # who is not known is new
    data = newcomer.data
    given: dict[str, Any] = {"actor": taking.actor, "now": taking.now}
    if record.tags:
        data["tags"] = custom.tags_of(record, taking)
    customer = customers.register_customer(data=data, contacts=newcomer.contacts, **given)
    if newcomer.own:
        customers.set_fields(customer=customer, values=newcomer.own, **given)
    if record.payment_day is not None:
        customers.set_payment_day(customer=customer, payment_day=record.payment_day, **given)
    return customer


def _serve(
    record: Record, customer: Customer, plan: Plan, way: access.Way | None, taking: Taking
) -> tuple[Service, Adjustment | None]:
    """His new service, as it is there: connected, with what he owes, cut or cancelled; and the
    note of what he owes."""
    service = customers.add_service(
        actor=taking.actor,
        now=taking.now,
        customer=customer,
        plan=plan,
        started_on=states.first_billed_day(record, taking.lookups.options.first_day),
        price=None if record.price in (None, plan.price) else record.price,
        state=states.initial(record),
    )
    if way is not None:
        access.open_access(record, service, way, taking)
    note = debts.open_balance(record, customer, taking)
    states.bring_to(record, service, taking)
    return service, note


def _remember(record: Record, values: Values, service: Service, taking: Taking) -> None:
    Origin.objects.create(
        source=taking.source,
        key=record.key,
        customer_key=record.customer_key,
        customer=service.customer,
        service=service,
        seen=digests(values),
    )


def _duplicates(record: Record, contacts: list[ContactData], taking: Taking) -> list[Problem]:
    """Worth a look, and no more (IC-4): families share phones and addresses."""
    words = {
        "document": (Field.DOCUMENT_NUMBER, _("Same document as %(name)s (%(code)s).")),
        "phone": (Field.PHONES, _("Same phone as %(name)s (%(code)s).")),
    }
    document = str(record.customer.get("document_number", ""))
    problems = []
    for duplicate in taking.present.shared.of(document, phones_of(contacts)):
        meaning, text = words[duplicate.by]
        names = {"name": duplicate.customer.name, "code": duplicate.customer.code}
        problems.append(Problem(meaning, text % names, stops=False))
    return problems


def _unknown(meaning: Field, name: str) -> Problem:
    if not name:
        text = _("%(what)s is missing, and none was chosen for the rows without it.")
        return Problem(meaning, text % {"what": field_label(meaning)})
    text = _("%(what)s “%(name)s” does not exist: approve its creation.")
    return Problem(meaning, text % {"what": field_label(meaning), "name": name})


def _update(origin: Origin, record: Record, values: Values, taking: Taking) -> Taken:
    """Only what the other system says differently than the last time reaches our rows."""
    now_seen = digests(values)
    different = {m for m in now_seen if origin.seen.get(m) != now_seen[m]}
    if origin.customer.archived_at is not None and different:
        text = _("He is archived: take him out of the archive first.")
        raise Refused([*record.problems, Problem("", text)])
    taken = Taken(ImportRow.Plan.SAME, [], record.problems, origin.customer, origin.service)
    if different:
        month_first = taking.lookups.options.month_first
        news = read_record(_with_groups(values, different), month_first=month_first)
        news = replace(news, problems=[])
        with keeping(taken, origin.seen if origin.pk else None):
            taken.changes = _apply(news, different, origin, taking, taken.problems)
    if taken.changes:
        taken.plan = ImportRow.Plan.CHANGED
    if different or origin.pk is None:
        origin.seen = origin.seen | now_seen
        origin.save()
    return taken


def _with_groups(values: Values, different: set[str]) -> Values:
    wanted = set(different)
    for group in GROUPS:
        if group & different:
            wanted |= group
    return {meaning: text for meaning, text in values.items() if meaning in wanted}


def _apply(
    news: Record, different: set[str], origin: Origin, taking: Taking, problems: list[Problem]
) -> list[list[str]]:
    customer, service = origin.customer, origin.service
    changes = _apply_person(news, customer, taking)
    changes += custom.change_tags(news, customer, taking)
    changes += custom.change_custom(news, customer, taking, problems)
    if service is None:
        return changes
    changes += _apply_plan(news, service, taking)
    changes += access.change_access(news, service, taking)
    changes += states.change_state(news, service, taking)
    if {Field.DEBT, Field.CREDIT} & different and origin.pk is not None:
        text = _("The balance differs in the file; here it follows from invoices and payments.")
        problems.append(Problem(Field.DEBT, text, stops=False))
    return changes


def _apply_person(news: Record, customer: Customer, taking: Taking) -> list[list[str]]:
    data = dict(news.customer)
    if news.zone:
        data["zone"] = taking.lookups.zone(news.zone)
        if data["zone"] is None:
            raise Refused([_unknown(Field.ZONE, news.zone)])
    before = {name: getattr(customer, name) for name in data}
    contacts = None
    texts = _contact_texts(customer)
    if news.phones or news.emails:
        contacts = keep_contacts(news.phones, news.emails, customer.company.country)
    customers.edit_customer(
        actor=taking.actor, now=taking.now, customer=customer, data=data, contacts=contacts
    )
    changes = [
        [name, shown(name, before[name]), shown(name, getattr(customer, name))]
        for name in data
        if before[name] != getattr(customer, name)
    ]
    for kind, old, new in zip(("phones", "emails"), texts, _contact_texts(customer), strict=True):
        if old != new:
            changes.append([kind, old, new])
    if news.payment_day is not None:
        changes += states.change_payment_day(news.payment_day, customer, taking)
    return changes


def _contact_texts(customer: Customer) -> tuple[str, str]:
    rows = list(customer.contacts.order_by("kind", "id").values_list("kind", "value"))
    kinds = ("phone", "email")
    phones, emails = ("; ".join(v for k, v in rows if k == kind) for kind in kinds)
    return phones, emails


def _apply_plan(news: Record, service: Service, taking: Taking) -> list[list[str]]:
    changes: list[list[str]] = []
    if news.plan:
        plan = taking.lookups.plan(news.plan)
        if plan is None:
            raise Refused([_unknown(Field.PLAN, news.plan)])
        if plan.pk != service.plan_id:
            changes.append([Field.PLAN.value, str(service.plan), str(plan)])
            customers.change_plan(actor=taking.actor, now=taking.now, service=service, plan=plan)
    if news.price is not None:
        own = None if news.price == service.plan.price else news.price
        if own != service.price:
            before = service.plan.price if service.price is None else service.price
            changes.append([Field.PRICE.value, f"{before:f}", f"{news.price:f}"])
            customers.change_price(actor=taking.actor, now=taking.now, service=service, price=own)
    return changes


def digests(values: Values) -> dict[str, str]:
    """What a row said, so that it can be compared and not read."""
    return {
        str(meaning): salted_hmac("imports.seen", text).hexdigest()[:HASH_LENGTH]
        for meaning, text in values.items()
    }


def shown(meaning: str, value: Any) -> str:
    """A value as the preview shows it."""
    if meaning in SECRET and value:
        return MASK
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)
