"""Signing in, and what each person sets for himself."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.models import User
from caudal.web.forms import PanelForm


class LoginForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("The user or the password is not right."),
        "inactive": _("This user may not log in."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "autofocus": True}
        self.fields["password"].label = _("Password")
        self.fields["username"].error_messages["required"] = _("Write your user.")
        self.fields["password"].error_messages["required"] = _("Write your password.")

    def get_invalid_login_error(self) -> forms.ValidationError:
        """Beside the password, without saying which of the two is wrong."""
        error = super().get_invalid_login_error()
        self.add_error("password", error)
        return forms.ValidationError([])


class NewPasswordField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(**{"widget": widget, "strip": False, **kwargs})


def check_password(form: forms.BaseForm, field: str, user: User | None) -> None:
    """Put what is weak about a new password beside its field."""
    password = form.cleaned_data.get(field)
    if not password:
        return
    try:
        password_validation.validate_password(password, user)
    except forms.ValidationError as error:
        form.add_error(field, error)


class OwnPasswordForm(PanelForm):
    present = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = NewPasswordField(
        label=_("New password"), help_text=_("At least 10 characters, and not only digits.")
    )
    again = NewPasswordField(label=_("New password again"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "present" in cleaned and not self.user.check_password(cleaned["present"]):
            self.add_error("present", _("That is not your present password."))
        if {"password", "again"} <= cleaned.keys() and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two passwords are not the same."))
        check_password(self, "password", self.user)
        return cleaned


LANGUAGE_CHOICES = [("", _("As chosen on the device")), *settings.LANGUAGES]
