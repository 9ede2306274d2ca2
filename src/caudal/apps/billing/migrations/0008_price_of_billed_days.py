"""Give periods that were billed before prices were kept the price that their invoice charged."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F, OuterRef, Subquery

from caudal.store.money import MoneyField, total


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lines = apps.get_model("billing", "InvoiceLine").objects.filter(
        invoice=OuterRef("invoice"), service=OuterRef("service"), kind="plan"
    )
    summed = lines.order_by().values("service").annotate(sum=total("unit_price")).values("sum")
    apps.get_model("billing", "BilledPeriod").objects.update(
        cycle_first=F("first"),
        cycle_last=F("last"),
        price=Subquery(summed, output_field=MoneyField()),
    )


class Migration(migrations.Migration):
    dependencies = [("billing", "0007_life_of_a_service")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
