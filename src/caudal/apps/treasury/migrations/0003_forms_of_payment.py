from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('treasury', '0002_verbs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reportedpayment',
            name='method',
            field=models.CharField(choices=[('cash', 'Cash'), ('transfer', 'Transfer'), ('card', 'Card'), ('deposit', 'Deposit'), ('cheque', 'Cheque'), ('gateway', 'Payment gateway'), ('other', 'Other'), ('mixed', 'Mixed')], max_length=10, verbose_name='form of payment'),
        ),
    ]
