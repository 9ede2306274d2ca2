import caudal.apps.treasury.models.report
import caudal.store.money
import caudal.store.secrets
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('billing', '0001_initial'),
        ('catalog', '0001_initial'),
        ('customers', '0001_initial'),
        ('payments', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='MatchBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(verbose_name='accepted')),
                ('created_by', models.CharField(max_length=120, verbose_name='by')),
                ('lowest_score', models.PositiveSmallIntegerField(verbose_name='score from')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='undone')),
            ],
            options={
                'verbose_name': 'lines accepted together',
                'verbose_name_plural': 'lines accepted together',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='BankAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='account number')),
                ('columns', models.JSONField(default=dict)),
                ('restores', models.BooleanField(default=True, verbose_name='a payment restores the service')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('cash_box', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bank_accounts', to='payments.cashbox', verbose_name='cash box')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalog.company', verbose_name='company')),
            ],
            options={
                'verbose_name': 'bank account',
                'verbose_name_plural': 'bank accounts',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='BankStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=200, verbose_name='file')),
                ('format', models.CharField(max_length=20, verbose_name='format')),
                ('file_hash', models.CharField(max_length=64)),
                ('header', models.JSONField(default=list)),
                ('opening', caudal.store.money.MoneyField(null=True, verbose_name='opening balance')),
                ('closing', caudal.store.money.MoneyField(null=True, verbose_name='closing balance')),
                ('difference', caudal.store.money.MoneyField(null=True, verbose_name='difference')),
                ('first', models.DateField(null=True, verbose_name='from')),
                ('last', models.DateField(null=True, verbose_name='to')),
                ('new_lines', models.PositiveIntegerField(default=0, verbose_name='new lines')),
                ('known_lines', models.PositiveIntegerField(default=0, verbose_name='lines already there')),
                ('problems', models.JSONField(default=list, verbose_name='problems')),
                ('created_at', models.DateTimeField(verbose_name='read')),
                ('created_by', models.CharField(max_length=120, verbose_name='by')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='treasury.bankaccount', verbose_name='bank account')),
            ],
            options={
                'verbose_name': 'bank statement',
                'verbose_name_plural': 'bank statements',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='BankLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='line')),
                ('key', models.CharField(max_length=80)),
                ('on', models.DateField(verbose_name='date')),
                ('amount', caudal.store.money.MoneyField(verbose_name='amount')),
                ('text', models.CharField(blank=True, max_length=400, verbose_name='description')),
                ('reference', models.CharField(blank=True, max_length=120, verbose_name='reference')),
                ('payer', models.CharField(blank=True, max_length=200, verbose_name='payer')),
                ('payer_account', models.CharField(blank=True, max_length=60, verbose_name="payer's account")),
                ('state', models.CharField(choices=[('open', 'Unmatched'), ('matched', 'Matched'), ('ignored', 'Ignored'), ('outgoing', 'Money out')], default='open', max_length=10, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='why it is ignored')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('decided_by', models.CharField(blank=True, max_length=120, verbose_name='by')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='treasury.bankaccount', verbose_name='bank account')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='treasury.bankstatement')),
            ],
            options={
                'verbose_name': 'bank line',
                'verbose_name_plural': 'bank lines',
                'ordering': ['on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Gateway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=30, unique=True, verbose_name='short name')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('settings', models.JSONField(default=dict)),
                ('secrets', caudal.store.secrets.SecretField(blank=True)),
                ('restores', models.BooleanField(default=True, verbose_name='a payment restores the service')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('cash_box', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gateways', to='payments.cashbox', verbose_name='cash box')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalog.company', verbose_name='company')),
            ],
            options={
                'verbose_name': 'payment gateway',
                'verbose_name_plural': 'payment gateways',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='GatewayPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=120, verbose_name='payment id')),
                ('status', models.CharField(blank=True, max_length=12, verbose_name='state')),
                ('amount', caudal.store.money.MoneyField(default=0, verbose_name='amount')),
                ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                ('reference', models.CharField(blank=True, max_length=120, verbose_name='reference')),
                ('paid_at', models.DateTimeField(null=True, verbose_name='paid')),
                ('refunded', caudal.store.money.MoneyField(default=0, verbose_name='given back')),
                ('unmatched', models.CharField(blank=True, choices=[('unknown-reference', "The reference is nobody's"), ('other-amount', 'Not the amount that was asked for'), ('other-currency', 'Another currency'), ('refused', 'The payment could not be registered'), ('part-refunded', 'A part was given back: correct it by hand')], max_length=20, verbose_name='why it waits')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('first_at', models.DateTimeField(verbose_name='first heard of')),
                ('changed_at', models.DateTimeField(verbose_name='changed')),
                ('settled_by', models.CharField(blank=True, max_length=120, verbose_name='settled by')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gateway_payments', to='customers.customer')),
                ('gateway', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='treasury.gateway')),
                ('invoice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.invoice')),
                ('payment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gateway_payment', to='payments.payment')),
            ],
            options={
                'verbose_name': 'payment at the gateway',
                'verbose_name_plural': 'payments at gateways',
                'ordering': ['-first_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='GatewayEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.CharField(max_length=150, verbose_name='event')),
                ('payment_id', models.CharField(blank=True, max_length=120, verbose_name='payment id')),
                ('told', models.JSONField(null=True)),
                ('body', models.TextField(blank=True, verbose_name='notice')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('late', 'Came late'), ('other', 'Concerns no payment'), ('failed', 'Failed')], default='waiting', max_length=10, verbose_name='state')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('repeats', models.PositiveIntegerField(default=0, verbose_name='repeats')),
                ('tries', models.PositiveIntegerField(default=0, verbose_name='tries')),
                ('next_try_at', models.DateTimeField(null=True, verbose_name='next try')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('gateway', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='treasury.gateway', verbose_name='payment gateway')),
                ('about', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='treasury.gatewaypayment')),
            ],
            options={
                'verbose_name': 'notice of a gateway',
                'verbose_name_plural': 'notices of gateways',
                'ordering': ['-received_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', caudal.store.money.MoneyField(verbose_name='amount')),
                ('is_link', models.BooleanField(default=False)),
                ('score', models.PositiveSmallIntegerField(null=True)),
                ('reasons', models.JSONField(default=list)),
                ('undone_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bank_assignments', to='customers.customer')),
                ('invoice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.invoice')),
                ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_assignments', to='payments.payment')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='treasury.bankline')),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='treasury.matchbatch')),
            ],
            options={
                'verbose_name': 'assignment',
                'verbose_name_plural': 'assignments',
            },
        ),
        migrations.CreateModel(
            name='PaymentLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=60, unique=True, verbose_name='reference')),
                ('amount', caudal.store.money.MoneyField(verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('url', models.URLField(blank=True, max_length=1000, verbose_name='address')),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('created_by', models.CharField(max_length=120, verbose_name='by')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_links', to='customers.customer')),
                ('gateway', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='treasury.gateway')),
                ('invoice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payment_links', to='billing.invoice')),
            ],
            options={
                'verbose_name': 'payment link',
                'verbose_name_plural': 'payment links',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ReportedPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('amount', caudal.store.money.MoneyField(verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('paid_on', models.DateField(verbose_name='date of payment')),
                ('method', models.CharField(choices=[('cash', 'Cash'), ('transfer', 'Transfer'), ('card', 'Card'), ('deposit', 'Deposit'), ('gateway', 'Payment gateway'), ('other', 'Other')], max_length=10, verbose_name='form of payment')),
                ('reference', models.CharField(blank=True, max_length=80, verbose_name='reference')),
                ('note', models.CharField(blank=True, max_length=250, verbose_name='note')),
                ('proof', models.FileField(blank=True, storage=caudal.apps.treasury.models.report.proofs, upload_to='%Y/%m', verbose_name='proof')),
                ('proof_type', models.CharField(blank=True, max_length=40)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for approval'), ('approved', 'Approved'), ('rejected', 'Rejected')], default='waiting', max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(verbose_name='reported')),
                ('reported_by', models.CharField(max_length=120, verbose_name='by')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('decided_by', models.CharField(blank=True, max_length=120, verbose_name='decided by')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='why it was rejected')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reported_payments', to='customers.customer', verbose_name='customer')),
                ('payment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reported_payment', to='payments.payment')),
            ],
            options={
                'verbose_name': 'reported payment',
                'verbose_name_plural': 'reported payments',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.UniqueConstraint(fields=('company', 'name'), name='one_bank_account_per_name'),
        ),
        migrations.AddIndex(
            model_name='bankline',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['on', 'id'], name='lines_open'),
        ),
        migrations.AddIndex(
            model_name='bankline',
            index=models.Index(fields=['account', '-on', '-id'], name='lines_of_account'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.UniqueConstraint(fields=('account', 'key'), name='one_bank_line_per_key'),
        ),
        migrations.AddIndex(
            model_name='gatewaypayment',
            index=models.Index(condition=models.Q(('unmatched', ''), _negated=True), fields=['first_at'], name='gateway_money_waiting'),
        ),
        migrations.AddConstraint(
            model_name='gatewaypayment',
            constraint=models.UniqueConstraint(fields=('gateway', 'external_id'), name='one_row_per_gateway_payment'),
        ),
        migrations.AddIndex(
            model_name='gatewayevent',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at'], name='events_waiting'),
        ),
        migrations.AddIndex(
            model_name='gatewayevent',
            index=models.Index(fields=['-received_at', '-id'], name='event_newest'),
        ),
        migrations.AddConstraint(
            model_name='gatewayevent',
            constraint=models.UniqueConstraint(fields=('gateway', 'event_id'), name='one_row_per_event'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('payment__isnull', False), ('undone_at__isnull', True)), fields=('payment',), name='one_line_per_payment'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='assignment_positive'),
        ),
        migrations.AddConstraint(
            model_name='paymentlink',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='link_positive'),
        ),
        migrations.AddIndex(
            model_name='reportedpayment',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['created_at'], name='reports_waiting'),
        ),
        migrations.AddConstraint(
            model_name='reportedpayment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='report_positive'),
        ),
    ]
