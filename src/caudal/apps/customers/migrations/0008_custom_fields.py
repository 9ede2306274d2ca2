"""Fields that the operator defines, and their values."""

import caudal.store.money
import django.db.models.deletion
from django.db import migrations, models


def add_index(apps, schema_editor) -> None:
    """Search inside words in index time, where migration 0003 could bring the extension."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() is None:
            return
    schema_editor.execute(
        "CREATE INDEX IF NOT EXISTS custom_value_words ON customers_fieldvalue"
        " USING gin (folded gin_trgm_ops)"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0007_localities_and_legal_address'),
        ('staff', '0009_verb_of_fields'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='name')),
                ('kind', models.CharField(choices=[('text', 'Text'), ('long_text', 'Long text'), ('number', 'Number'), ('money', 'Money'), ('date', 'Date'), ('yes_no', 'Yes or no'), ('choice', 'One of a list'), ('choices', 'Several of a list'), ('link', 'Web address'), ('phone', 'Phone'), ('email', 'E-mail')], max_length=10, verbose_name='kind')),
                ('help_text', models.CharField(blank=True, max_length=200, verbose_name='help')),
                ('is_required', models.BooleanField(default=False, verbose_name='required')),
                ('at_registration', models.BooleanField(default=True, verbose_name='asked at registration')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived')),
                ('roles', models.ManyToManyField(blank=True, to='staff.role', verbose_name='seen by')),
            ],
            options={
                'verbose_name': 'custom field',
                'verbose_name_plural': 'custom fields',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FieldChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('position', models.PositiveIntegerField(default=0)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('field', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='customers.customfield')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FieldValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True)),
                ('folded', models.TextField(blank=True)),
                ('number', caudal.store.money.MoneyField(null=True)),
                ('day', models.DateField(null=True)),
                ('is_yes', models.BooleanField(null=True)),
                ('choice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.fieldchoice')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='field_values', to='customers.customer')),
                ('field', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='values', to='customers.customfield')),
            ],
        ),
        migrations.AddConstraint(
            model_name='fieldchoice',
            constraint=models.UniqueConstraint(fields=('field', 'name'), name='one_choice_per_name'),
        ),
        migrations.AddIndex(
            model_name='fieldvalue',
            index=models.Index(condition=models.Q(('number__isnull', False)), fields=['field', 'number'], name='custom_by_number'),
        ),
        migrations.AddIndex(
            model_name='fieldvalue',
            index=models.Index(condition=models.Q(('day__isnull', False)), fields=['field', 'day'], name='custom_by_day'),
        ),
        migrations.AddIndex(
            model_name='fieldvalue',
            index=models.Index(condition=models.Q(('is_yes__isnull', False)), fields=['field', 'is_yes'], name='custom_by_yes'),
        ),
        migrations.AddIndex(
            model_name='fieldvalue',
            index=models.Index(condition=models.Q(('choice__isnull', False)), fields=['choice', 'customer'], name='custom_by_choice'),
        ),
        migrations.AddConstraint(
            model_name='fieldvalue',
            constraint=models.UniqueConstraint(condition=models.Q(('choice', None)), fields=('customer', 'field'), name='one_value_per_custom_field'),
        ),
        migrations.AddConstraint(
            model_name='fieldvalue',
            constraint=models.UniqueConstraint(fields=('customer', 'field', 'choice'), name='each_choice_once_per_customer'),
        ),
        migrations.AddConstraint(
            model_name='fieldvalue',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('text', ''), _negated=True), ('choice', None), ('day', None), ('is_yes', None), ('number', None)), models.Q(('choice', None), ('day', None), ('is_yes', None), ('number__isnull', False), ('text', '')), models.Q(('choice', None), ('day__isnull', False), ('is_yes', None), ('number', None), ('text', '')), models.Q(('choice', None), ('day', None), ('is_yes__isnull', False), ('number', None), ('text', '')), models.Q(('choice__isnull', False), ('day', None), ('is_yes', None), ('number', None), ('text', '')), _connector='OR'), name='custom_value_of_one_type'),
        ),
        migrations.RunPython(add_index, migrations.RunPython.noop),
    ]
