"""What the firewall of a router is to do with customers who are cut: stored, and noted done."""

from datetime import datetime

from django.db import transaction

from caudal.apps.network.models import CutRules, Router
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot

FIELDS = ["wan_list", "wan_interfaces", "notice_address", "notice_port", "allowed"]
DEFAULT_WAN = "WAN"


def cut_rules(router: Router) -> CutRules:
    """The router's row; unsaved, with what the latest other router has, where there is none."""
    found = CutRules.objects.filter(router=router).first()
    if found:
        return found
    last = CutRules.objects.order_by("-pk").first()
    row = CutRules(router=router, wan_list=DEFAULT_WAN)
    if last:
        row.wan_list, row.allowed = last.wan_list, last.allowed
        row.notice_address, row.notice_port = last.notice_address, last.notice_port
    return row


@transaction.atomic
def save_cut_rules(*, actor: Actor, now: datetime, rules: CutRules) -> CutRules:
    old = CutRules.objects.filter(pk=rules.pk).first()
    before = snapshot(old, FIELDS) if old else {}
    rules.save()
    after = snapshot(rules, FIELDS)
    record(actor, "router.cut_rules", rules.router, now=now, before=before, after=after)
    return rules


@transaction.atomic
def note_rules(*, actor: Actor, now: datetime, rules: CutRules, written: int) -> None:
    """They stand on the router, read back; `written` commands changed something there."""
    rules.installed_at, rules.installed_by = now, actor.name
    rules.save(update_fields=["installed_at", "installed_by"])
    if written:
        record(actor, "router.install_rules", rules.router, now=now, after={"written": written})
