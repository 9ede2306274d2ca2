"""Notes that their author mends, pinned and searched; and files of customers."""

import caudal.apps.customers.models.attachment
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from caudal.core.text import fold


def fold_notes(apps, schema_editor) -> None:
    Note = apps.get_model("customers", "Note")
    changed = []
    for note in Note.objects.only("text").iterator():
        note.folded = fold(note.text)
        changed.append(note)
    Note.objects.bulk_update(changed, ["folded"], batch_size=1_000)


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0012_reason_of_stays'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='note',
            name='author',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='customer_notes', to=settings.AUTH_USER_MODEL, verbose_name='author'),
        ),
        migrations.AddField(
            model_name='note',
            name='edited_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='changed'),
        ),
        migrations.AddField(
            model_name='note',
            name='folded',
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name='note',
            name='pinned_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='pinned'),
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to=caudal.apps.customers.models.attachment.random_name, verbose_name='file')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('content_type', models.CharField(max_length=100, verbose_name='kind')),
                ('size', models.PositiveBigIntegerField(verbose_name='size')),
                ('digest', models.CharField(max_length=64)),
                ('text', models.CharField(blank=True, max_length=200, verbose_name='what it is')),
                ('is_shown', models.BooleanField(default=False, verbose_name='the customer may see it')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('author_name', models.CharField(max_length=120, verbose_name='by')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='taken away')),
                ('removed_by', models.CharField(blank=True, max_length=120, verbose_name='taken away by')),
                ('removed_why', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='customer_files', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='customers.customer')),
            ],
            options={
                'verbose_name': 'attached file',
                'verbose_name_plural': 'attached files',
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['customer', '-at'], name='files_of_customer')],
            },
        ),
        migrations.RunPython(fold_notes, migrations.RunPython.noop),
    ]
