from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0011_ssh_port"),
    ]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="queue_parent",
            field=models.CharField(blank=True, editable=False, max_length=80),
        ),
    ]
