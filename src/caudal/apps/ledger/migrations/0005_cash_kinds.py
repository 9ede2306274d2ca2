"""Kinds of accounts and transactions that cash desks need."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_transfers")]

    operations = [
        migrations.AlterField(
            model_name="account",
            name="kind",
            field=models.CharField(
                choices=[
                    ("receivable", "Customers"),
                    ("revenue", "Revenue"),
                    ("tax", "Taxes to pay"),
                    ("cash", "Cash box"),
                    ("bank", "Bank"),
                    ("cheques", "Cheques"),
                    ("gateway", "Payment gateway"),
                    ("adjustment", "Non-fiscal adjustments"),
                    ("difference", "Cash over and short"),
                    ("expense", "Expenses"),
                    ("fund", "Money put in and taken out"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="transaction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invoice", "Invoice"),
                    ("payment", "Payment"),
                    ("adjustment", "Adjustment"),
                    ("reversal", "Reversal"),
                    ("transfer", "Transfer between cash boxes"),
                    ("refund", "Refund"),
                    ("rejection", "Rejected cheque"),
                    ("cash", "Cash in or out"),
                    ("difference", "Cash over or short"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
    ]
