"""Where the page of who is cut is: the address that routers and the redirect send him to."""

from django.conf import settings

PATH = "/aviso/"


def public_address() -> str:
    """Empty where the installation was told no address that customers can open."""
    if settings.NOTICE_URL:
        return str(settings.NOTICE_URL)
    root = str(settings.PUBLIC_URL).rstrip("/")
    return f"{root}{PATH}" if root else ""
