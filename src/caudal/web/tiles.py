"""Map tiles as settings say them: what a page needs to draw them, and what it may load."""

import re
from urllib.parse import urlsplit

_SUBDOMAIN = re.compile(r"\{s\}")


def image_sources(tiles_url: str) -> list[str]:
    """Whence a page may load pictures to draw these tiles: for its Content-Security-Policy.

    `{s}` in a host stands for several, so it becomes a wildcard; tiles of our own host need none.
    """
    parts = urlsplit(_SUBDOMAIN.sub("*", tiles_url.strip()))
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return []
    host = parts.netloc.rpartition("@")[2]
    # A wildcard stands for whole labels at the start of a host, and for nothing else.
    if "*" in host and not host.startswith("*."):
        host = "*." + host.partition(".")[2]
    return [f"{parts.scheme}://{host}"]
