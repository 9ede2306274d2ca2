"""Take away the one status, which is a tag by now; apart, for PostgreSQL alters no table
in the transaction that filled it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_tags")]
    operations = [migrations.RemoveField(model_name="customer", name="admin_status")]
