"""What of a credit was given back."""

from decimal import Decimal

from django.db import migrations, models

import caudal.store.money


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_requested_runs")]

    operations = [
        migrations.AddField(
            model_name="credit",
            name="returned",
            field=caudal.store.money.MoneyField(default=Decimal(0), verbose_name="returned"),
        ),
        migrations.RemoveConstraint(model_name="credit", name="credit_remaining_in_amount"),
        migrations.AddConstraint(
            model_name="credit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    amount__gt=0,
                    remaining__gte=0,
                    returned__gte=0,
                    remaining__lte=models.F("amount") - models.F("returned"),
                ),
                name="credit_remaining_in_amount",
            ),
        ),
    ]
