from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_no_administrative_status")]

    operations = [
        migrations.AddField(
            model_name="stay",
            name="reason",
            field=models.CharField(
                blank=True, default="", max_length=200, verbose_name="why it was cancelled"
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="suspension",
            index=models.Index(fields=["opened_on"], name="suspensions_by_day"),
        ),
    ]
