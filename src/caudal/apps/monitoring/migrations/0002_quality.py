from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("monitoring", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="alarm",
            name="kind",
            field=models.CharField(choices=[("down", "Down"), ("poor", "Answers badly")], default="down", max_length=4, verbose_name="kind"),
        ),
        migrations.RemoveConstraint(
            model_name="alarm",
            name="one_open_alarm_per_device",
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.UniqueConstraint(condition=models.Q(("ended_at", None)), fields=("device", "kind"), name="one_open_alarm_per_device_and_kind"),
        ),
        migrations.AddField(
            model_name="device",
            name="bad_checks",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="device",
            name="bad_since",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="device",
            name="fair_checks",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="device",
            name="is_degraded",
            field=models.BooleanField(default=False, editable=False, verbose_name="answers badly"),
        ),
    ]
