"""The logo within the page: one request is all that who is cut may need."""

from base64 import b64encode
from mimetypes import guess_type

from caudal.apps.catalog.models import Company

LARGEST = 100_000


def inline_logo(company: Company) -> str:
    """A data: address, empty where there is no logo or it is too big for a slow line."""
    if not company.logo:
        return ""
    kind = guess_type(str(company.logo.name))[0] or ""
    try:
        if not kind.startswith("image/") or company.logo.size > LARGEST:
            return ""
        with company.logo.open("rb") as file:
            return f"data:{kind};base64,{b64encode(file.read()).decode()}"
    except OSError:  # the row is older than the folder that was restored
        return ""
