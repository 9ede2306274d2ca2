"""The customers of a zone in the order of the list: a page of them is read as it stands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0015_reasons_to_leave")]
    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["zone", "name", "id"], name="customer_of_zone"),
        ),
    ]
