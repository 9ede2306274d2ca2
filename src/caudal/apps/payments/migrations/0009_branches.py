import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0008_found_by_reference'),
        ('staff', '0010_second_factor_and_branches'),
    ]

    operations = [
        migrations.AddField(
            model_name='cashbox',
            name='branch',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cash_boxes', to='staff.branch', verbose_name='branch'),
        ),
    ]
