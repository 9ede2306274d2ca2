"""Customers and how to reach them."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company, Tax, TaxMode
from caudal.apps.customers.models.zone import Zone
from caudal.apps.staff.models import User
from caudal.store.secrets import SecretField


class PersonKind(models.TextChoices):
    """WP-11..13."""

    OTHER = "other", _("Other")
    NATURAL = "natural", _("Natural person")
    LEGAL = "legal", _("Legal person")


class Tag(models.Model):
    """A commercial label (IC-61) that has nothing to do with the state of the service."""

    class Color(models.TextChoices):
        GREY = "grey", _("Grey")
        BLUE = "blue", _("Blue")
        TEAL = "teal", _("Teal")
        GREEN = "green", _("Green")
        AMBER = "amber", _("Amber")
        RED = "red", _("Red")
        PINK = "pink", _("Pink")
        VIOLET = "violet", _("Violet")

    name = models.CharField(_("name"), max_length=60, unique=True)
    color = models.CharField(_("colour"), max_length=20, choices=Color, default=Color.GREY)
    text = models.CharField(_("what it means"), max_length=200, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    """Since when nobody new gets it; customers who have it keep it."""

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """A subscriber (IW-1..15, WH-2..3, WP-9..20, IC-41..76). Never deleted: archived."""

    class Medium(models.TextChoices):
        ANTENNA = "antenna", _("Antenna")
        FIBRE = "fibre", _("Fibre")
        CABLE = "cable", _("Cable")
        OTHER = "other", _("Other")

    code = models.CharField(_("code"), max_length=20, unique=True)
    person_kind = models.CharField(
        _("person"), max_length=10, choices=PersonKind, default=PersonKind.OTHER
    )
    name = models.CharField(_("name"), max_length=200)
    """As it stands on invoices; for a natural person it is made of the four name parts."""
    first_name = models.CharField(_("first name"), max_length=60, blank=True)
    second_name = models.CharField(_("second name"), max_length=60, blank=True)
    first_surname = models.CharField(_("first surname"), max_length=60, blank=True)
    second_surname = models.CharField(_("second surname"), max_length=60, blank=True)
    nickname = models.CharField(_("trade name or nickname"), max_length=200, blank=True)
    customer_type = models.CharField(_("customer type"), max_length=60, blank=True)
    document_type = models.CharField(_("document"), max_length=20, blank=True)
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    document_key = models.CharField(max_length=40, blank=True, editable=False)
    """The number without spaces and signs, upper case: what duplicates are found by (IC-4)."""
    business_activity = models.CharField(_("business activity"), max_length=120, blank=True)
    contact_person = models.CharField(_("contact person"), max_length=120, blank=True)

    zone = models.ForeignKey(Zone, models.PROTECT, verbose_name=_("zone"), related_name="customers")
    address = models.CharField(_("address"), max_length=250)
    address_key = models.CharField(max_length=250, blank=True, editable=False)
    street_1 = models.CharField(_("between street"), max_length=120, blank=True)
    street_2 = models.CharField(_("and street"), max_length=120, blank=True)
    neighbourhood = models.CharField(_("neighbourhood"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    state = models.CharField(_("state or province"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-90)), MaxValueValidator(Decimal(90))],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-180)), MaxValueValidator(Decimal(180))],
    )
    medium = models.CharField(_("connection type"), max_length=10, choices=Medium, blank=True)
    antenna_model = models.CharField(_("antenna model"), max_length=80, blank=True)
    antenna_password = SecretField(_("antenna password"), blank=True)
    modem_data = models.CharField(_("Wi-Fi modem data"), max_length=200, blank=True)
    rfid_card = models.CharField(_("RFID card"), max_length=40, blank=True)

    company = models.ForeignKey(
        Company, models.PROTECT, verbose_name=_("company that invoices"), related_name="customers"
    )
    legal_address = models.CharField(_("legal address"), max_length=250, blank=True)
    """Where his invoices are made out to (IC-44); empty: where he is served."""
    legal_city = models.CharField(_("legal city"), max_length=120, blank=True)
    legal_state = models.CharField(_("legal state or province"), max_length=120, blank=True)
    legal_postal_code = models.CharField(_("legal postal code"), max_length=20, blank=True)
    tax_condition = models.CharField(_("tax condition"), max_length=60, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=30, blank=True)
    invoice_type = models.CharField(_("invoice type"), max_length=20, blank=True)
    tax_mode = models.CharField(_("taxes"), max_length=10, choices=TaxMode, blank=True)
    """Empty: as his company."""
    taxes = models.ManyToManyField(
        Tax, verbose_name=_("own taxes"), blank=True, related_name="customers"
    )
    grouping = models.CharField(_("invoices"), max_length=10, choices=Company.Grouping, blank=True)
    """Empty: as his company (GEN-6)."""
    is_invoiced = models.BooleanField(_("is invoiced"), default=True)
    may_be_cut = models.BooleanField(_("may be cut"), default=True)
    may_be_notified = models.BooleanField(_("may be notified"), default=True)
    notice_from_day = models.PositiveSmallIntegerField(_("notices from day"), null=True, blank=True)
    notice_to_day = models.PositiveSmallIntegerField(_("notices to day"), null=True, blank=True)
    late_fee_applies = models.BooleanField(_("late fee applies"), default=True)
    reconnection_fee_applies = models.BooleanField(_("reconnection fee applies"), default=True)
    automatic_state = models.BooleanField(_("state changes by itself"), default=True)
    report_after_payment = models.BooleanField(
        _("report to the tax office after payment"), default=False
    )
    mail_invoices = models.BooleanField(_("send invoices by e-mail"), default=True)
    mail_payments = models.BooleanField(_("send receipts by e-mail"), default=True)
    payment_method = models.CharField(_("payment method"), max_length=60, blank=True)
    electronic_payment_code = models.CharField(
        _("electronic payment code"), max_length=60, blank=True
    )
    collector = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("collector"),
        related_name="customers_to_collect",
    )
    salesperson = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("salesperson"),
        related_name="customers_sold",
    )
    contract_signed = models.BooleanField(_("contract signed"), default=False)
    contract_type = models.CharField(_("contract type"), max_length=60, blank=True)
    contract_expires_on = models.DateField(_("contract expires"), null=True, blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="customers")
    registered_on = models.DateField(_("registration date"))
    portal_user = models.CharField(_("portal user"), max_length=80, blank=True)
    portal_password = models.CharField(max_length=128, blank=True, editable=False)
    tickets_blocked = models.BooleanField(_("tickets blocked"), default=False)
    tickets_message = models.CharField(
        _("message when tickets are blocked"), max_length=200, blank=True
    )
    extra_1 = models.CharField(_("extra 1"), max_length=200, blank=True)
    extra_2 = models.CharField(_("extra 2"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    search_text = models.TextField(blank=True, editable=False)
    """Own fields and contacts, folded (`core.text.fold`); kept by actions for the list's search."""
    access_text = models.TextField(blank=True, editable=False)
    """Addresses, MACs and user names of his services, folded; kept by the network room."""
    import_key = models.CharField(max_length=120, blank=True, editable=False)
    """Identity in the system he was imported from; an import run twice finds him by it."""
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.UniqueConstraint(
                fields=["import_key"], condition=~Q(import_key=""), name="imported_once"
            ),
            models.UniqueConstraint(
                fields=["rfid_card"], condition=~Q(rfid_card=""), name="one_customer_per_card"
            ),
            models.UniqueConstraint(
                fields=["portal_user"],
                condition=~Q(portal_user=""),
                name="one_customer_per_portal_user",
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="customer_by_name"),
            models.Index(fields=["zone", "name", "id"], name="customer_of_zone"),
            models.Index(fields=["document_key"], name="customer_by_document"),
            models.Index(fields=["address_key"], name="customer_by_address"),
            models.Index(fields=["-registered_on", "-id"], name="customer_newest"),
            models.Index(fields=["latitude", "longitude"], name="customer_by_place"),
        ]

    def __str__(self) -> str:
        return self.name

    def billing_address(self) -> str:
        """What his invoices bear: the legal address with its city, else that of the service."""
        if not self.legal_address:
            return self.address
        city = f"{self.legal_postal_code} {self.legal_city}".strip()
        parts = (self.legal_address, city, self.legal_state)
        return ", ".join(part for part in parts if part)[:250]


class Contact(models.Model):
    """One phone or e-mail of a customer (IC-57, IC-58, WP-43, WP-44)."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")

    class Purpose(models.TextChoices):
        MAIN = "main", _("Main")
        BILLING = "billing", _("Billing")
        TECHNICAL = "technical", _("Technical")
        WHATSAPP = "whatsapp", "WhatsApp"
        OTHER = "other", _("Other")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.MAIN)
    value = models.CharField(_("number or address"), max_length=254)
    """Phones in E.164 where the number is valid in the company's country, else as typed."""
    label = models.CharField(_("whose"), max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "value"], name="one_contact_once")
        ]
        indexes = [models.Index(fields=["kind", "value"], name="contact_by_value")]
        ordering = ["kind", "id"]

    def __str__(self) -> str:
        return self.value
