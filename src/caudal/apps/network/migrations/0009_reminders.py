from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("network", "0008_linux_routers"),
    ]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="reminded",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
