"""The administrative status becomes a tag, of which a customer may have several."""

from django.db import migrations, models

COLORS = ("grey", "blue", "teal", "green", "amber", "red", "pink", "violet")


def carry_over(apps, schema_editor) -> None:
    Tag, Customer = apps.get_model("customers", "Tag"), apps.get_model("customers", "Customer")
    Tag.objects.exclude(color__in=COLORS).update(color="grey")
    labels = Customer.tags.through
    had = Customer.objects.exclude(admin_status=None).values_list("pk", "admin_status_id")
    labels.objects.bulk_create(
        (labels(customer_id=customer, tag_id=tag) for customer, tag in had.iterator()),
        batch_size=5_000,
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_branches")]
    operations = [
        migrations.RenameModel("AdminStatus", "Tag"),
        migrations.AlterModelOptions(
            name="tag",
            options={"ordering": ["name"], "verbose_name": "tag", "verbose_name_plural": "tags"},
        ),
        migrations.AlterField(
            model_name="tag",
            name="color",
            field=models.CharField(
                choices=[(color, color.title()) for color in COLORS],
                default="grey",
                max_length=20,
                verbose_name="colour",
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="text",
            field=models.CharField(blank=True, max_length=200, verbose_name="what it means"),
        ),
        migrations.AddField(
            model_name="tag",
            name="archived_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="archived"),
        ),
        migrations.AddField(
            model_name="customer",
            name="tags",
            field=models.ManyToManyField(
                blank=True, related_name="customers", to="customers.tag", verbose_name="tags"
            ),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
