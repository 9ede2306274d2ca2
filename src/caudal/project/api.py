"""The description of the API: as OpenAPI, and as a page to try it on."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from caudal.apps.staff.tokens import VerbPermission
from caudal.apps.staff.verbs import Verb


class Description(SpectacularAPIView):
    """OpenAPI 3, for programs; whoever may see customers may read it."""

    permission_classes = [VerbPermission]
    verbs = {"GET": Verb.SEE_CUSTOMERS}


class Page(SpectacularSwaggerSplitView):
    """For people. Its script comes from an address of its own, as the CSP asks."""

    permission_classes = [VerbPermission]
    verbs = {"GET": Verb.SEE_CUSTOMERS}
    url_name = "api-description"
    title = "API"
    template_name = "web/api.html"
    """As the library's own, with the language that a screen reader needs to know: English."""
