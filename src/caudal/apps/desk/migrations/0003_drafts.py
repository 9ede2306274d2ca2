"""Drafts of the forms of customers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0013_notes_and_files'),
        ('desk', '0002_saved_views'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(choices=[('registration', 'Registration'), ('edit', 'Edit')], max_length=20)),
                ('at', models.DateTimeField()),
                ('data', models.JSONField()),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='customers.customer')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'form', 'customer'), name='one_draft_per_person_and_customer'), models.UniqueConstraint(condition=models.Q(('customer', None)), fields=('user', 'form'), name='one_draft_per_person_and_form')],
            },
        ),
    ]
