from django.db import migrations, models
from django.db.models import Max

from caudal.apps.ledger import guards


def take_guards_down(apps, schema_editor):
    """SQLite makes the table anew, which its triggers would not survive."""
    guards.remove(schema_editor.connection)


def put_guards_up(apps, schema_editor):
    guards.install(schema_editor.connection)


def order_by_company_and_number(apps, schema_editor):
    """Numbers were given per company; now they are one row of numbers for all."""
    Transaction = apps.get_model("ledger", "Transaction")
    if Transaction.objects.values("company").distinct().count() > 1:
        last = Transaction.objects.aggregate(last=Max("sequence"))["last"]
        rows = Transaction.objects.order_by("posted_at", "company", "sequence").values_list("pk")
        keys = [key for (key,) in rows]
        for number, key in enumerate(keys, start=last + 1):
            Transaction.objects.filter(pk=key).update(sequence=number)


def go_on_from_the_last(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        Transaction = apps.get_model("ledger", "Transaction")
        last = Transaction.objects.aggregate(last=Max("sequence"))["last"] or 0
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SEQUENCE ledger_transaction_order START {last + 1:d}")


def drop_order(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("DROP SEQUENCE ledger_transaction_order")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_verification")]
    operations = [
        migrations.RunPython(take_guards_down, put_guards_up),
        migrations.RemoveConstraint(model_name="transaction", name="one_transaction_per_number"),
        migrations.RunPython(order_by_company_and_number, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.UniqueConstraint(
                fields=["sequence"], name="one_transaction_per_sequence"
            ),
        ),
        migrations.DeleteModel(name="Counter"),
        migrations.RunPython(go_on_from_the_last, drop_order),
        migrations.RunPython(put_guards_up, take_guards_down),
    ]
