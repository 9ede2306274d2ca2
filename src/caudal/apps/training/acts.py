"""What may be done to a practice router from its page: the form that asks, and what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caudal.apps.training import boxes, forms
from caudal.apps.training.boxes import Box
from caudal.web.forms import PanelForm

EDITS: dict[str, str | Promise] = {
    "other-speed": gettext_lazy("another speed for %(name)s"),
    "lifted": gettext_lazy("%(name)s taken out of its address list"),
    "disabled": gettext_lazy("the user %(name)s disabled"),
    "removed": gettext_lazy("the user %(name)s removed"),
    "own-queue": gettext_lazy("a queue of their own, %(name)s"),
}
"""The codes of caudal.practice.routeros.mishaps, in words."""

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """`run` does it with what the form said and returns the sentence about it."""

    title: str | Promise
    run: Callable[[Box, Said], str]
    form: type[PanelForm] | None = None
    text: str | Promise = ""
    icon: str = "bolt"


def _power_off(box: Box, said: Said) -> str:
    boxes.do(box, "power_off")
    return _("%(router)s is off. Its customers are without service.") % {"router": box.router.name}


def _power_on(box: Box, said: Said) -> str:
    boxes.do(box, "power_on")
    return _("%(router)s is on. Its customers dial again.") % {"router": box.router.name}


def _reboot(box: Box, said: Said) -> str:
    boxes.do(box, "reboot")
    return _("%(router)s has restarted.") % {"router": box.router.name}


def _slow(box: Box, said: Said) -> str:
    boxes.do(box, "slow", **said)
    return _("Each answer now takes %(latency_ms)s ms, and each command %(cpu_ms)s ms of work.") % {
        **said
    }


def _go_wrong(box: Box, said: Said) -> str:
    boxes.do(box, "go_wrong", **said)
    return _("It will go wrong once: %(what)s.") % {"what": boxes.WRONGS[said["wrong"]]}


def _behave(box: Box, said: Said) -> str:
    boxes.do(box, "behave")
    return _("No fault waits any more, and the router is as fast as before.")


def _back_up(box: Box, said: Said) -> str:
    boxes.do(box, "back_up", **said)
    return _("The backup “%(name)s” was made.") % {**said}


def _restore(box: Box, said: Said) -> str:
    boxes.do(box, "restore", **said)
    return _("The router restarted with the backup “%(name)s”.") % {**said}


def _hand_edit(box: Box, said: Said) -> str:
    done = boxes.do(box, "hand_edit", **said)
    shown = [EDITS[edit["what"]] % {"name": edit["name"]} for edit in done]
    return _("Somebody edited by hand: %(edits)s.") % {"edits": "; ".join(shown) or _("nothing")}


def _swap(box: Box, said: Said) -> str:
    boxes.swap(box, empty=bool(said["empty"]))
    return _("Another router answers at the address now.")


def _skew(box: Box, said: Said) -> str:
    boxes.do(box, "move_clock", seconds=said["hours"] * 3600)
    return ngettext(
        "The router's clock moved %(hours)s hour.",
        "The router's clock moved %(hours)s hours.",
        said["hours"],
    ) % {**said}


ACTS: dict[str, Act] = {
    "off": Act(gettext_lazy("Turn off"), _power_off, icon="power"),
    "on": Act(gettext_lazy("Turn on"), _power_on, icon="power"),
    "reboot": Act(gettext_lazy("Restart"), _reboot, icon="refresh"),
    "behave": Act(gettext_lazy("Everything well again"), _behave, icon="heart"),
    "edit": Act(
        gettext_lazy("Edit by hand"),
        _hand_edit,
        forms.EditsForm,
        gettext_lazy("A technician with Winbox changes rows, ours and others'."),
        "hand-finger",
    ),
    "fault": Act(
        gettext_lazy("Plan a fault"),
        _go_wrong,
        forms.FaultForm,
        gettext_lazy("It strikes once, at the command you choose, in the next pass."),
        "bolt",
    ),
    "slow": Act(
        gettext_lazy("Make it slow"),
        _slow,
        forms.SlowForm,
        gettext_lazy("As behind a bad link, or with a busy processor."),
        "hourglass",
    ),
    "backup": Act(
        gettext_lazy("Make a backup"),
        _back_up,
        forms.BackupForm,
        gettext_lazy("To restore it days later, when customers have changed."),
        "device-floppy",
    ),
    "restore": Act(
        gettext_lazy("Restore a backup"),
        _restore,
        forms.RestoreForm,
        gettext_lazy("Whatever was written since is gone, cuts and payments included."),
        "history",
    ),
    "swap": Act(
        gettext_lazy("Replace the router"),
        _swap,
        forms.SwapForm,
        gettext_lazy("Another box with another serial number answers at the address."),
        "replace",
    ),
    "clock": Act(
        gettext_lazy("Set its clock wrong"),
        _skew,
        forms.SkewForm,
        gettext_lazy("Routers without a battery wake up in the past."),
        "clock-exclamation",
    ),
}
