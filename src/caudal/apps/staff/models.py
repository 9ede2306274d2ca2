"""Tables of the staff: people, roles, API tokens and the journal of changes."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb


class Role(models.Model):
    """A named set of verbs. Seven standard roles come with the installation and can be edited."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60, unique=True)
    verbs = models.JSONField(_("permissions"), default=list)
    only_own_customers = models.BooleanField(
        _("sees only the customers assigned to him"), default=False
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
    language = models.CharField(_("language"), max_length=5, blank=True)
    lists = models.JSONField(default=dict, editable=False)
    """List -> keys of the columns that he wants to see in it, in order (WH-124)."""
    shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    """Whether single keys do something outside of fields; Ctrl+K always does."""
    is_active = models.BooleanField(_("may log in"), default=True)
    created_at = models.DateTimeField(_("created"))

    objects = UserManager()
    USERNAME_FIELD = "username"

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("username"), name="one_user_per_name")]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_staff(self) -> bool:
        return self.is_active

    def may(self, verb: Verb | str) -> bool:
        return self.is_active and str(verb) in self.role.verbs

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.may(perm)


class SignIn(models.Model):
    """One session of a person: since when, from which address and browser."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("user"), related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField(_("since"))
    address = models.GenericIPAddressField(_("IP address"), null=True)
    agent = models.CharField(_("browser"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["user", "ended_at"], name="sign_ins_of_user")]

    def __str__(self) -> str:
        return f"{self.address or '?'} · {self.agent}"


class ApiToken(models.Model):
    """A key for the API: shown once, kept as a hash, limited to some of its owner's verbs."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("user"), related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    """SHA-256 of the whole token, which has 256 random bits."""
    verbs = models.JSONField(_("permissions"), default=list)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True)
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
