"""A practice router that one service hangs on, and that can be made to fail."""

from datetime import date

from caudal.apps.billing.tests.world import CLERK, at
from caudal.apps.catalog.models import Technology
from caudal.apps.customers.models import Service
from caudal.apps.network import actions
from caudal.apps.network.models import Router
from caudal.apps.network.sync import reconcile
from caudal.practice.routeros import PracticeRouter, Wrong

ADDRESS = "10.20.0.5"
MANY = 200


class Tower:
    """The service is connected by PPPoE, dialled in and browsing."""

    def __init__(self, practice: PracticeRouter, service: Service) -> None:
        self.practice = practice
        practice.put(
            "/ip/firewall/filter", chain="forward", action="drop", src_address_list="morosos",
            out_interface="ether1",
        )  # fmt: skip
        now = at(date(2026, 7, 1))
        self.router = Router.objects.create(
            name="Torre", driver="routeros", host="127.0.0.1", port=practice.port,
            username="admin", password="practica",
        )  # fmt: skip
        connection = actions.connect(
            actor=CLERK, now=now, service=service, router=self.router, address=ADDRESS,
            local_address="10.20.0.1", technology=Technology.PPPOE,
        )  # fmt: skip
        reconcile(self.router, now)
        assert practice.plug(connection.username, connection.password)

    def fails(self, on: bool) -> None:
        """From now on its API closes every connection, or answers again; who browses goes on."""
        if not on:
            self.practice.faults.clear()
            return
        for _ in range(MANY):
            self.practice.faults.plan(Wrong.DROP, "/login")

    def reconcile(self, day: date) -> None:
        """At ten of that day."""
        reconcile(self.router, at(day, 10))

    def can_browse(self) -> bool:
        return bool(self.practice.can_browse(ADDRESS))
