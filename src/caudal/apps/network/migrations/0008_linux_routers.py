from django.db import migrations, models

import caudal.store.secrets


class Migration(migrations.Migration):

    dependencies = [
        ("network", "0007_verbs_of_tools"),
    ]

    operations = [
        migrations.AddField(
            model_name="router",
            name="private_key",
            field=caudal.store.secrets.SecretField(blank=True, default="", verbose_name="private SSH key"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="router",
            name="host_key",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="SSH key of the router"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="router",
            name="only_customers",
            field=models.BooleanField(default=False, verbose_name="only customers pass"),
        ),
    ]
