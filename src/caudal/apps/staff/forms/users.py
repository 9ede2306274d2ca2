"""Forms for accounts, roles, tokens and the journal's filter."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.acts import known
from caudal.apps.staff.forms.session import LANGUAGE_CHOICES, NewPasswordField, check_password
from caudal.apps.staff.models import Branch, JournalEntry, Role, User
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import PanelForm, PanelModelForm, Section

PASSWORD_HELP = _("At least 10 characters, and not only digits.")


class UserForm(PanelModelForm):
    """Data of a person; his user name cannot change."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGE_CHOICES, required=False)
    branch_ids = forms.MultipleChoiceField(
        label=_("Only these branches"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: all of them. Of the others he sees no customers, money or routers."),
    )
    sections = [Section("", ["name", "role", "email", "phone", "language", ("branch_ids", 12)])]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.pk), row.name) for row in Branch.objects.all()]
        self.fields["branch_ids"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["branch_ids"]

    def clean_branch_ids(self) -> list[int]:
        return sorted(int(pk) for pk in self.cleaned_data["branch_ids"])

    class Meta:
        model = User
        fields = ("name", "role", "email", "phone", "language", "branch_ids")


class NewUserForm(UserForm):
    password = NewPasswordField(label=_("Password"), help_text=PASSWORD_HELP)
    sections = [
        Section(
            "",
            [
                *("username", "name", "password", "role", "email", "phone", "language"),
                ("branch_ids", 12),
            ],
        )
    ]

    class Meta(UserForm.Meta):
        fields = ("username", *UserForm.Meta.fields)  # type: ignore[assignment]

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"]).strip()
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("There is already a user with that name."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        person = User(
            username=cleaned.get("username", ""),
            name=cleaned.get("name", ""),
            email=cleaned.get("email", ""),
        )
        check_password(self, "password", person)
        return cleaned


class PasswordForm(PanelForm):
    """A new password that somebody who manages staff gives to another."""

    password = NewPasswordField(label=_("New password"), help_text=PASSWORD_HELP)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_password(self, "password", self.user)
        return cleaned


class RoleForm(PanelModelForm):
    verbs = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Verb.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sections = [
        Section("", [("name", 12), ("only_own_customers", 12), ("needs_second_factor", 12)])
    ]

    class Meta:
        model = Role
        fields = ("name", "only_own_customers", "needs_second_factor", "verbs")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_name = self.instance.name
        self.initial["name"] = str(self.instance) if self.instance.pk else ""

    def clean_name(self) -> str:
        """A standard role that is not renamed keeps its name in every language."""
        name = str(self.cleaned_data["name"])
        return self.kept_name if name == self.initial["name"] else name


class TokenForm(PanelForm):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What it is for, e.g. the name of a system.")
    )
    days = forms.IntegerField(
        label=_("Valid for days"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_("Empty: until it is revoked."),
    )
    networks = forms.CharField(
        label=_("Only from these networks"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Addresses or networks, e.g. 203.0.113.0/24. Empty: from anywhere."),
    )
    verbs = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple
    )
    sections = [
        Section("", ["name", "days", ("networks", 12)]),
        Section(_("What it may do"), [("verbs", 12)]),
    ]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(verb.value, verb.label) for verb in Verb if user.may(verb)]
        self.fields["verbs"].choices = own  # type: ignore[attr-defined]

    def clean_networks(self) -> list[str]:
        return str(self.cleaned_data["networks"]).replace(",", " ").split()


class JournalFilter(forms.Form):
    q = forms.CharField(label=_("What"), required=False, max_length=100)
    who = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.all(), required=False)
    act = forms.ChoiceField(label=_("Act"), required=False)
    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [("", _("Any")), *known()]  # type: ignore[attr-defined]
        self.fields["who"].empty_label = _("Anybody")  # type: ignore[attr-defined]

    def offer_acts(self, rows: QuerySet[JournalEntry]) -> None:
        """Only acts that there are among these entries."""
        there = set(rows.order_by().values_list("verb", flat=True).distinct())
        choices = [(code, words) for code, words in known() if code in there]
        self.fields["act"].choices = [("", _("Any")), *choices]  # type: ignore[attr-defined]
