"""Taking an imported row back: what it brought goes, what it changed is as it was before."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from caudal.apps.billing.actions import adjust
from caudal.apps.billing.models import Adjustment
from caudal.apps.bulk.acts import Context
from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions as customers
from caudal.apps.customers.contacts import ContactData
from caudal.apps.customers.models import (
    Customer,
    CustomField,
    Service,
    ServiceState,
    Suspension,
)
from caudal.apps.imports.errors import ImportCode
from caudal.apps.imports.kept import last_entry
from caudal.apps.imports.models import ImportRow, Origin
from caudal.apps.imports.plain import Plain, field_value, give_way_back, typed
from caudal.apps.imports.touched import Fate, fates, split
from caudal.apps.imports.words import LABELS, field_label
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection
from caudal.core.civil import local_date
from caudal.core.errors import RuleError
from caudal.core.ports.importer import Field

LONGEST_CODE = 20
ONE_DAY = timedelta(days=1)


def take_back(context: Context, row: ImportRow) -> str:
    """Inside a transaction of the caller; returns what was done. Raises RuleError."""
    Customer.objects.select_for_update().filter(pk=row.customer_id or 0).first()
    row = ImportRow.objects.select_for_update().select_related("run").get(pk=row.pk)
    (fate,) = fates([row], set())
    if fate.refusal:
        raise RuleError(ImportCode.ROW_STAYS, why=fate.refusal)
    first = last_entry() + 1
    done = _Undo(context, fate).done()
    row.status = ImportRow.Status.UNDONE
    fate.kept.back = [first, last_entry()]
    row.kept = fate.kept.text()
    row.save(update_fields=["status", "kept"])
    return done


def parts_in_words(parts: Plain) -> list[str]:
    """What people call the things that a row changed."""
    found = [_field_words(name) for name in parts.get("fields", {})]
    named = CustomField.objects.filter(pk__in=parts.get("own", {})).values_list("name", flat=True)
    found += [*named]
    return found + [str(label()) for part, label in _PARTS.items() if part in parts]


def _field_words(name: str) -> str:
    meaning = Field.PROVINCE.value if name == "state" else name
    if meaning in LABELS:
        return field_label(meaning)
    return str(capfirst(Customer._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


_PARTS: dict[str, Callable[[], str]] = {
    "contacts": lambda: _("Phones and e-mails"),
    "calendar": lambda: field_label(Field.PAYMENT_DAY),
    "tags": lambda: field_label(Field.ADMIN_STATUS),
    "terms": lambda: _("Plan and price"),
    "way": lambda: _("Connection"),
    "state": lambda: field_label(Field.STATE),
}


class _Undo:
    """One row that nothing stands in the way of, while it is taken back."""

    def __init__(self, context: Context, fate: Fate) -> None:
        self.context, self.fate, self.row, self.kept = context, fate, fate.row, fate.kept
        self.given: dict[str, Any] = {"actor": context.actor, "now": context.now}
        self.today: date = local_date(context.now, ZoneInfo(settings.TIME_ZONE))
        self.customer = Customer.objects.get(pk=fate.row.customer_id or 0)
        self.service = Service.objects.filter(pk=fate.row.service_id or 0).first()

    def done(self) -> str:
        if not self.fate.is_new:
            return self._go_back()
        self._settle_note()
        if self.fate.is_archived:
            return self._archive()
        self._remove_service()
        if not self.fate.brought_customer:
            return _("The service was removed")
        customers.remove_customer(customer=self.customer, **self.given)
        return _("The customer was removed")

    def _settle_note(self) -> None:
        """The books forget nothing: a note against the one that the import wrote."""
        if self.kept.note is None:
            return
        note = Adjustment.objects.get(pk=self.kept.note)
        amount = -note.amount if note.kind == Adjustment.Kind.DEBIT else note.amount
        adjust(
            customer=self.customer, amount=amount, currency=note.currency, on=self.today,
            reason=_("The import of %(note)s was taken back") % {"note": note}, **self.given,
        )  # fmt: skip

    def _remove_service(self) -> None:
        if self.service is None:
            return
        held = Connection.objects.filter(service=self.service).select_related("router").first()
        if held is not None:
            network.remove_connection(connection=held, **self.given)
        customers.remove_service(service=self.service, **self.given)

    def _archive(self) -> str:
        """Nothing of his stands in the way of the same row in another import."""
        self._end_service()
        free = f"~{self.customer.pk}"
        code = f"{self.customer.code[: LONGEST_CODE - len(free)]}{free}"
        data = {"code": code, "rfid_card": "", "portal_user": ""}
        customers.edit_customer(customer=self.customer, data=data, **self.given)
        customers.archive(customer=self.customer, **self.given)
        Origin.objects.filter(source=self.row.run.source, key=self.row.key).delete()
        return _("The customer was archived")

    def _end_service(self) -> None:
        service = self.service
        if service is None:
            return
        if service.state != ServiceState.CANCELLED:
            customers.cancel(
                service=service, last_day=service.started_on - ONE_DAY,
                reason=_("The import was taken back"), **self.given,
            )  # fmt: skip
        live = Connection.objects.live().filter(service=service).first()
        if live is not None:
            network.release(connection=live, **self.given)

    def _go_back(self) -> str:
        goes, stays = split(self.fate)
        back, left = parts_in_words(goes), parts_in_words(stays)
        for part in _ORDER:
            if part in goes and not _STEPS[part](self, goes[part], self.kept.after[part]):
                left += parts_in_words({part: goes[part]})
                back = [each for each in back if each not in left]
        if not back:
            raise RuleError("changed-since")
        self._forget_what_it_said()
        said = ", ".join(dict.fromkeys(back))
        if not left:
            return said
        told = {"back": said, "left": ", ".join(dict.fromkeys(left))}
        return _("%(back)s. Changed since, and left: %(left)s") % told

    def _forget_what_it_said(self) -> None:
        """The same file changes it again."""
        origin = Origin.objects.filter(source=self.row.run.source, key=self.row.key)
        if self.kept.seen is None:
            origin.delete()
        else:
            origin.update(seen=self.kept.seen)

    def fields_back(self, before: Plain, after: Plain) -> bool:
        data = {name: field_value(name, value) for name, value in before.items()}
        customers.edit_customer(customer=self.customer, data=data, **self.given)
        return True

    def contacts_back(self, before: list[list[str]], after: Any) -> bool:
        contacts = [ContactData(*values) for values in before]
        customers.edit_customer(customer=self.customer, data={}, contacts=contacts, **self.given)
        return True

    def tags_back(self, before: list[str], after: Any) -> bool:
        tags = customers.tags_named(names=before, **self.given)
        customers.set_tags(customer=self.customer, tags=tags, **self.given)
        return True

    def calendar_back(self, before: Plain | None, after: Any) -> bool:
        customers.set_own_calendar(customer=self.customer, numbers=before, **self.given)
        return True

    def own_back(self, before: Plain, after: Any) -> bool:
        fields = CustomField.objects.in_bulk([int(key) for key in before])
        values = {field: typed(field.kind, before[str(pk)]) for pk, field in fields.items()}
        customers.set_fields(customer=self.customer, values=values, **self.given)
        return True

    def terms_back(self, before: Plain, after: Plain) -> bool:
        service = self.service
        if service is None or service.state == ServiceState.CANCELLED:
            return False
        if before["plan"] != after["plan"]:
            plan = Plan.objects.get(pk=before["plan"])
            customers.change_plan(service=service, plan=plan, **self.given)
        price = None if before["price"] is None else Decimal(before["price"])
        if service.price != price:
            customers.change_price(service=service, price=price, **self.given)
        return True

    def way_back(self, before: Plain, after: Plain) -> bool:
        """What ended or began with the service's state came back with it."""
        held = Connection.objects.live().filter(service=self.service).first()
        if held is None:
            return not before
        way = {name: value for name, value in before.items() if name != "adopt"}
        give_way_back(connection=held, before=way, **self.given)
        if before and before["adopt"] != after.get("adopt", before["adopt"]):
            network.edit_connection(connection=held, adopt=before["adopt"], **self.given)
        return True

    def state_back(self, before: Plain, after: Plain) -> bool:
        turn = _TURNS_BACK.get((before["state"], after["state"]))
        return bool(self.service and turn and turn(self, before, after))

    def lift_again(self, before: Plain, after: Plain) -> bool:
        opened = Suspension.objects.filter(
            service=self.service, opened_at=self.kept.moment, closed_at=None
        )
        lifted = [
            customers.lift(service=each.service, reason=each.reason, **self.given)
            for each in opened.select_related("service")
        ]
        return any(lifted)

    def suspend_again(self, before: Plain, after: Plain) -> bool:
        opened = customers.reopen(
            today=self.today, customer=self.customer, reasons=before["reasons"], **self.given
        )
        return bool(opened)

    def resume(self, before: Plain, after: Plain) -> bool:
        """He goes on from the day after the last one, with his address and his suspensions."""
        assert self.service is not None  # `state_back` has looked
        last = date.fromisoformat(after["cancelled_on"])
        customers.reactivate(service=self.service, started_on=last + ONE_DAY, **self.given)
        held = Connection.objects.filter(service=self.service, released_at__isnull=False).first()
        if held is not None:
            network.return_address(connection=held, **self.given)
        self.suspend_again(before, after)
        return True

    def cancel_again(self, before: Plain, after: Plain) -> bool:
        self._end_service()
        return True


_ACTIVE, _SUSPENDED = str(ServiceState.ACTIVE), str(ServiceState.SUSPENDED)
_CANCELLED = str(ServiceState.CANCELLED)
_Turn = Callable[[_Undo, Plain, Plain], bool]
_TURNS_BACK: dict[tuple[str, str], _Turn] = {
    (_ACTIVE, _SUSPENDED): _Undo.lift_again,
    (_SUSPENDED, _ACTIVE): _Undo.suspend_again,
    (_ACTIVE, _CANCELLED): _Undo.resume,
    (_SUSPENDED, _CANCELLED): _Undo.resume,
    (_CANCELLED, _ACTIVE): _Undo.cancel_again,
}
_STEPS: dict[str, Callable[[_Undo, Any, Any], bool]] = {
    "state": _Undo.state_back,
    "way": _Undo.way_back,
    "terms": _Undo.terms_back,
    "own": _Undo.own_back,
    "tags": _Undo.tags_back,
    "calendar": _Undo.calendar_back,
    "contacts": _Undo.contacts_back,
    "fields": _Undo.fields_back,
}
_ORDER = tuple(_STEPS)
