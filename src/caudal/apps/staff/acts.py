"""The words for each act of the journal, so that people do not read its codes."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_sentences: dict[str, str | Promise] = {
    "session.open": _("Signed in"),
    "session.close": _("Closed a session"),
    "user.create": _("Created the user"),
    "user.edit": _("Edited the user"),
    "user.activate": _("Let the user in again"),
    "user.deactivate": _("Kept the user out"),
    "user.set_password": _("Changed the password"),
    "role.create": _("Created the role"),
    "role.edit": _("Edited the role"),
    "role.delete": _("Deleted the role"),
    "second_factor.begin": _("Began to sign in with codes of the phone"),
    "second_factor.renew": _("Made new recovery codes"),
    "second_factor.recover": _("Signed in with a recovery code"),
    "second_factor.end": _("Took the second factor away"),
    "security.edit": _("Changed before what the password is asked again"),
    "session.confirm": _("Typed the password again"),
    "branch.save": _("Saved the branch"),
    "branch.delete": _("Deleted the branch"),
    "token.create": _("Created the API token"),
    "token.revoke": _("Revoked the API token"),
}


def register(sentences: Mapping[str, str | Promise]) -> None:
    """Give the words of a room's own acts: "invoice.void" -> "Voided the invoice"."""
    _sentences.update(sentences)


def words_of(act: str) -> str:
    return str(_sentences.get(act, act))


def known() -> list[tuple[str, str]]:
    """(code, words) of every act, by words: for the filter of the journal."""
    return sorted(((code, str(words)) for code, words in _sentences.items()), key=lambda at: at[1])
