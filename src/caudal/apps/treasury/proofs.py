"""Proofs of payment that strangers send: only photos and PDFs, known by what they hold."""

from caudal.core.errors import RuleError

LARGEST = 5 * 1024 * 1024
_BEGINNINGS = {
    b"\xff\xd8\xff": ("image/jpeg", ".jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", ".png"),
    b"%PDF-": ("application/pdf", ".pdf"),
}


def kind_of(content: bytes) -> tuple[str, str]:
    """Media type and ending, by the first bytes; the name that came with it says nothing.

    Raises RuleError "proof-too-large" or "proof-not-read".
    """
    if len(content) > LARGEST:
        raise RuleError("proof-too-large", field="proof")
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", ".webp"
    raise RuleError("proof-not-read", field="proof")
