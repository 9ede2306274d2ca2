from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_cash_kinds")]
    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(choices=[("waiting", "Waiting"), ("running", "Running"), ("agrees", "All rows agree"), ("disagrees", "Rows disagree")], default="waiting", max_length=10, verbose_name="result")),
                ("requested_by", models.CharField(max_length=120, verbose_name="by")),
                ("requested_at", models.DateTimeField(verbose_name="asked")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                ("results", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["-requested_at", "-id"],
                "indexes": [models.Index(fields=["-requested_at", "-id"], name="verification_newest")],
            },
        ),
    ]
