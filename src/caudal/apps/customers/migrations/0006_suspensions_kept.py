from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_stays_and_calendar_changes")]

    operations = [
        migrations.AddField(
            model_name="suspension",
            name="kept_by",
            field=models.CharField(blank=True, max_length=120, verbose_name="kept by"),
        ),
    ]
