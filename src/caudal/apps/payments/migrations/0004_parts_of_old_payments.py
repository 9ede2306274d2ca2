"""Each payment so far came in one part, and each entry of a box's account was a movement of it."""

from collections.abc import Iterable

from django.db import migrations

CHUNK = 2000
KINDS = {"payment": "payment", "reversal": "reversal", "transfer": "edit"}


def fill(apps, schema_editor) -> None:
    add_parts(apps)
    add_movements(apps)


def add_parts(apps) -> None:
    part = apps.get_model("payments", "PaymentPart")
    payments = apps.get_model("payments", "Payment").objects.filter(parts=None).order_by("pk")
    write(
        part,
        (
            part(
                payment_id=row.pk,
                position=1,
                method=row.method,
                cash_box_id=row.cash_box_id,
                amount=row.amount,
                reference=row.reference,
            )
            for row in payments.iterator(chunk_size=CHUNK)
        ),
    )


def add_movements(apps) -> None:
    movement = apps.get_model("payments", "Movement")
    boxes = dict(apps.get_model("payments", "CashBox").objects.values_list("account_id", "pk"))
    payments = {
        f"payment:{pk}": (pk, method, operator)
        for pk, method, operator in apps.get_model("payments", "Payment")
        .objects.values_list("pk", "method", "operator_id")
        .iterator(chunk_size=CHUNK)
    }
    entries = apps.get_model("ledger", "Entry").objects.filter(account_id__in=list(boxes))

    def rows() -> Iterable[object]:
        found = entries.select_related("transaction").order_by("pk")
        for entry in found.iterator(chunk_size=CHUNK):
            booked = entry.transaction
            pk, method, operator = payments.get(booked.document, (None, "other", None))
            yield movement(
                box_id=boxes[entry.account_id],
                transaction_id=booked.pk,
                kind=KINDS.get(booked.kind, "transfer"),
                method=method,
                amount=entry.amount,
                at=booked.posted_at,
                operator_id=operator if booked.kind == "payment" else None,
                payment_id=pk,
                note=booked.memo[:200],
            )

    write(movement, rows())


def write(model, rows: Iterable[object]) -> None:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == CHUNK:
            model.objects.bulk_create(batch)
            batch = []
    model.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_money_in_parts"), ("ledger", "0005_cash_kinds")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
