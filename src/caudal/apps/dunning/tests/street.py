"""A till with people who promise to pay, and whose July was created on 28 June."""

from datetime import date
from typing import Any

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.catalog.models import Technology
from caudal.apps.customers.models import Customer, Service, ServiceState
from caudal.apps.dunning import actions
from caudal.apps.dunning.models import Promise, PromiseAttempt
from caudal.apps.network import actions as network
from caudal.apps.network.models import Router
from caudal.apps.network.sync import reconcile
from caudal.apps.payments.tests.till import Till
from caudal.practice.routeros import PracticeRouter

ADDRESS = "10.20.0.5"


class Street(Till):
    def owing(self, **fields: Any) -> Customer:
        """A customer who owes July: due on the 1st, cut on the 5th."""
        customer = self.customer(**fields)
        self.create(d(6, 28))
        return customer

    def promise(self, customer: Customer, on: date, until: date | None, **how: Any) -> Any:
        return actions.promise(actor=CLERK, now=at(on, 10), customer=customer, until=until, **how)

    def cut(self, first: date, last: date | None = None) -> None:
        """The cut job of each date, twice as a clumsy clock would do it."""
        for number in range(first.toordinal(), (last or first).toordinal() + 1):
            day = date.fromordinal(number)
            for hour in (8, 9):
                actions.cut_overdue(day, at(day, hour))

    def enable(self, customer: Customer, on: date, drop: bool | None = None) -> None:
        actions.restore_by_hand(
            actor=CLERK, now=at(on, 11), service=self.service(customer), drop_promise=drop
        )

    def service(self, customer: Customer) -> Service:
        return Service.objects.select_related("customer__zone", "plan").get(customer=customer)

    def is_active(self, customer: Customer) -> bool:
        return self.service(customer).state == ServiceState.ACTIVE

    def attempts(self, customer: Customer) -> list[tuple[int, bool]]:
        """(day of July, whether it reached the router)."""
        rows = PromiseAttempt.objects.filter(promise__customer=customer).order_by("on")
        return [(row.on.day, row.done) for row in rows]

    def outcome(self, customer: Customer) -> str:
        return Promise.objects.filter(customer=customer).latest("id").outcome

    def rules(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self.company.rules, name, value)
        self.company.rules.save()

    def connect(self, customer: Customer, practice: PracticeRouter) -> Router:
        """His service on the practice router, dialled in and browsing."""
        router = Router.objects.create(
            name="Torre",
            driver="routeros",
            host="127.0.0.1",
            port=practice.port,
            username="admin",
            password="practica",
        )
        now = at(d(7, 1))
        connection = network.connect(
            actor=CLERK,
            now=now,
            service=self.service(customer),
            router=router,
            technology=Technology.PPPOE,
            address=ADDRESS,
            local_address="10.20.0.1",
        )
        reconcile(router, now)
        assert practice.plug(connection.username, connection.password)
        return router
