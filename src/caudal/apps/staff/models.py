"""Tables of the staff: people, roles, API tokens and the journal of changes."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import WIDE, Verb
from caudal.store.secrets import SecretField


class Branch(models.Model):
    """A branch (sucursal): zones, cash boxes and customers belong to one, or to all."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("branch")
        verbose_name_plural = _("branches")

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A named set of verbs. Seven standard roles come with the installation and can be edited."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60, unique=True)
    verbs = models.JSONField(_("permissions"), default=list)
    only_own_customers = models.BooleanField(
        _("sees only the customers assigned to him"), default=False
    )
    needs_second_factor = models.BooleanField(
        _("must sign in with a code of the phone as well"), default=False
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """Standard roles are named in the reader's language until somebody renames them."""
        return gettext(self.name)


class UserManager(BaseUserManager["User"]):
    """Finds people by name whatever the case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.select_related("role").get(username__iexact=username)


class User(AbstractBaseUser):
    """A member of the staff; what he may do is his role's verbs."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    role = models.ForeignKey(Role, models.PROTECT, verbose_name=_("role"), related_name="users")
    branch_ids = models.JSONField(_("only these branches"), default=list, blank=True)
    """Numbers of the branches whose customers he sees; empty: all. Asked on every page, so here."""
    language = models.CharField(_("language"), max_length=5, blank=True)
    lists = models.JSONField(default=dict, editable=False)
    """List -> keys of the columns that he wants to see in it, in order (WH-124)."""
    shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    """Whether single keys do something outside of fields; Ctrl+K always does."""
    is_active = models.BooleanField(_("may log in"), default=True)
    created_at = models.DateTimeField(_("created"))

    objects = UserManager()
    USERNAME_FIELD = "username"
    token: "ApiToken | None" = None
    """By which he came in, where he did by one: it may do less than he."""

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("username"), name="one_user_per_name")]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_staff(self) -> bool:
        return self.is_active

    @property
    def is_limited(self) -> bool:
        """Whether he sees only a part of the customers."""
        return self.role.only_own_customers or bool(self.branch_ids)

    def may(self, verb: Verb | str) -> bool:
        """What his role says, less what his token leaves out or takes sight of everybody."""
        if not self.is_active or str(verb) not in self.role.verbs:
            return False
        if self.token is not None and str(verb) not in self.token.verbs:
            return False
        return str(verb) not in WIDE or not self.is_limited

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.may(perm)


class SignIn(models.Model):
    """One session of a person: since when, from which address and browser."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("user"), related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField(_("since"))
    address = models.GenericIPAddressField(_("IP address"), null=True)
    agent = models.CharField(_("browser"), max_length=200, blank=True)
    seen_at = models.DateTimeField(_("last seen"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["user", "ended_at"], name="sign_ins_of_user")]

    def __str__(self) -> str:
        return f"{self.address or '?'} · {self.agent}"


class SecondFactor(models.Model):
    """What a person's phone makes codes with (RFC 6238), and the codes for a lost phone."""

    user = models.OneToOneField(
        User, models.CASCADE, verbose_name=_("user"), related_name="second_factor"
    )
    secret = SecretField()
    """Base 32, as it stands in the QR code."""
    confirmed_at = models.DateTimeField(_("since"), null=True)
    """Empty: a code of the phone has not been typed yet, and none is asked for."""
    last_step = models.BigIntegerField(default=0)
    """The half minute of the last code taken: no code is taken twice."""
    recovery = models.JSONField(default=list)
    """SHA-256 of the codes not used yet, which have 50 random bits each."""

    class Meta:
        verbose_name = _("second factor")

    def __str__(self) -> str:
        return str(self.user)


class SecurityRules(models.Model):
    """What the whole installation asks before grave acts; one row."""

    asked_again = models.JSONField(_("the password is asked again before"), default=list)
    """Keys of `critical.register`."""
    minutes = models.PositiveSmallIntegerField(_("and is good for so many minutes"), default=10)

    class Meta:
        verbose_name = _("security")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class ApiToken(models.Model):
    """A key for the API: shown once, kept as a hash, limited to some of its owner's verbs."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("user"), related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    """SHA-256 of the whole token, which has 256 random bits."""
    verbs = models.JSONField(_("permissions"), default=list)
    networks = models.JSONField(_("allowed networks"), default=list)
    """Like "203.0.113.0/24"; empty: from anywhere."""
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True)
    last_address = models.GenericIPAddressField(_("IP address"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class JournalEntry(models.Model):
    """Who changed what, from what to what. Written by actions, never changed."""

    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name=_("who"))
    actor_name = models.CharField(_("who"), max_length=120)
    """Kept as text: the system's own acts have no user, and users may be renamed."""
    verb = models.CharField(_("act"), max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField(_("what"), max_length=200)
    customer_id = models.BigIntegerField(null=True)
    """Number of the customer that it is about: rooms above show it on his page."""
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="journal_newest"),
            models.Index(fields=["customer_id", "-at"], name="journal_of_customer"),
            models.Index(fields=["subject_kind", "subject_id"], name="journal_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"
