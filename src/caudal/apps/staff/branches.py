"""Narrowing a report to one branch, where there is one to choose."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.models import Branch, User
from caudal.apps.staff.scope import branches_for
from caudal.web.forms import PanelForm


class OfBranch(PanelForm):
    """Mixin: call `offer_branches` in `__init__`."""

    branch: Any = forms.ModelChoiceField(
        Branch.objects.none(), label=_("Branch"), required=False, empty_label=_("All")
    )

    def offer_branches(self, user: User) -> None:
        """Those that he may choose; without a choice the box is not there."""
        mine = branches_for(user)
        least = 2 if user.branch_ids else 1
        if mine[:least].count() < least:
            del self.fields["branch"]
        else:
            field: Any = self.fields["branch"]
            field.queryset = mine

    @property
    def chosen_branch(self) -> Branch | None:
        """None is all of them; a branch that makes no sense too."""
        self.is_valid()
        found: Branch | None = self.cleaned_data.get("branch")
        return found


class BranchFilter(OfBranch):
    """The choice alone; choosing shows the page anew."""

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.offer_branches(user)
        if "branch" in self.fields:
            self.fields["branch"].widget.attrs["data-submit-on-change"] = ""
