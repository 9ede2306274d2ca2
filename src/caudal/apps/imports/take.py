"""One record becomes a customer with his service, or changes those it became before."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from caudal.apps.customers import actions as customers
from caudal.apps.customers.contacts import keep_contacts
from caudal.apps.customers.models import Customer, Service
from caudal.apps.imports import access, custom, debts, states
from caudal.apps.imports.models import ImportRow, Origin
from caudal.apps.imports.records import GROUPS, Problem, Record, read_record
from caudal.apps.imports.taking import Refused, Taken, Taking
from caudal.apps.imports.words import field_label
from caudal.apps.network.errors import NetworkError
from caudal.apps.network.models import Connection
from caudal.core.errors import RuleError
from caudal.core.ports.importer import SECRET, Field, Values
from caudal.core.text import key
from caudal.web.errors import explain

MASK = "•••"
HASH_LENGTH = 16


def take(values: Values, taking: Taking) -> Taken:
    """Write what the row says. Call it inside a transaction. Raises Refused."""
    record = read_record(values, month_first=taking.lookups.options.month_first)
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
    origin = (
        Origin.objects.select_for_update(of=("self",))
        .filter(source=taking.source, key=record.key)
        .select_related("customer", "service")
        .first()
    )
    if origin is None:
        known = _known_service(record, taking)
        if known is None:
            return _create(record, values, taking)
        origin = Origin(
            source=taking.source,
            key=record.key,
            customer_key=record.customer_key,
            customer=known.customer,
            service=known,
        )
    return _update(origin, record, values, taking)


def _known_service(record: Record, taking: Taking) -> Service | None:
    """A service that is here already though no import brought it: by its user, or by his code."""
    router = taking.lookups.router(record.router)
    if router and record.username:
        live = Connection.objects.live().select_related("service__customer", "service__plan")
        held = live.filter(router=router, username=record.username).first()
        if held:
            return held.service
    code = record.customer.get("code")
    if code:
        services = Service.objects.filter(customer__code=code).select_related("customer", "plan")
        return services.first() if services.count() == 1 else None
    return None


def _create(record: Record, values: Values, taking: Taking) -> Taken:
    plan = taking.lookups.plan(record.plan)
    if plan is None:
        raise Refused([*record.problems, _unknown(Field.PLAN, record.plan)])
    problems = list(record.problems)
    customer = _customer_of(record, taking) or _register(record, taking, problems)
    service = customers.add_service(
        actor=taking.actor,
        now=taking.now,
        customer=customer,
        plan=plan,
        started_on=states.first_billed_day(record, taking.lookups.options.first_day),
        price=None if record.price in (None, plan.price) else record.price,
        state=states.initial(record),
    )
    access.open_access(record, service, taking, problems)
    debts.open_balance(record, customer, taking)
    states.bring_to(record, service, taking)
    Origin.objects.create(
        source=taking.source,
        key=record.key,
        customer_key=record.customer_key,
        customer=customer,
        service=service,
        seen=digests(values),
    )
    changes = [[meaning, "", shown(meaning, text)] for meaning, text in values.items()]
    changes = custom.labelled(changes, taking.fields)
    return Taken(ImportRow.Plan.NEW, changes, problems, customer, service)


def _customer_of(record: Record, taking: Taking) -> Customer | None:
    """Who came with another row of the same customer: this one is one more service of his."""
    if not record.customer_key:
        return None
    rows = Origin.objects.filter(source=taking.source, customer_key=record.customer_key)
    origin = rows.select_related("customer").order_by("id").first()
    return origin.customer if origin else None


def _register(record: Record, taking: Taking, problems: list[Problem]) -> Customer:
    zone = taking.lookups.zone(record.zone)
    if zone is None:
        raise Refused([*record.problems, _unknown(Field.ZONE, record.zone)])
    company = taking.lookups.companies.get(key(record.company)) or zone.company
    problems += _duplicates(record, company.country)
    unread: list[Problem] = []
    own = custom.read_custom(record, taking, company.country, unread)
    custom.keep_unread(record, unread, taking.fields)
    problems += unread
    data = record.customer | {"zone": zone, "company": company}
    if not data.get("address"):
        data["address"] = _("To be completed")
        text = _("Without an address: the customer is marked to be completed.")
        problems.append(Problem(Field.ADDRESS, text, stops=False))
    if record.tags:
        data["tags"] = custom.tags_of(record, taking)
    data.setdefault("registered_on", record.started_on or taking.today)
    customer = customers.register_customer(
        actor=taking.actor,
        now=taking.now,
        data=data,
        contacts=keep_contacts(record.phones, record.emails, company.country),
    )
    customers.set_fields(actor=taking.actor, now=taking.now, customer=customer, values=own)
    if record.payment_day is not None:
        customers.set_payment_day(
            actor=taking.actor, now=taking.now, customer=customer, payment_day=record.payment_day
        )
    return customer


def _duplicates(record: Record, country: str) -> list[Problem]:
    """Worth a look, and no more (IC-4): families share phones and addresses."""
    words = {
        "document": (Field.DOCUMENT_NUMBER, _("Same document as %(name)s (%(code)s).")),
        "phone": (Field.PHONES, _("Same phone as %(name)s (%(code)s).")),
    }
    found = customers.find_duplicates(
        document=record.customer.get("document_number", ""), phone=record.phones, country=country
    )
    problems = []
    for duplicate in found:
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
    taken = Taken(ImportRow.Plan.SAME, [], record.problems, origin.customer, origin.service)
    if different:
        news = read_record(_with_groups(values, different))
        news = replace(news, problems=[])
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
