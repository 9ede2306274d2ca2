"""Where the room of RADIUS makes itself known to the rooms below it."""

from django.apps import AppConfig


class RadiusConfig(AppConfig):
    name = "caudal.apps.radius"

    def ready(self) -> None:
        from caudal.apps.customers.followers import follow
        from caudal.apps.network.sync.door import offer
        from caudal.apps.radius.book import RouterBook
        from caudal.apps.radius.following import follow_services

        follow(follow_services)
        offer("radius", lambda router: {"book": RouterBook(router)})
