"""Text as people search and compare it: without accents, case and signs."""

from unicodedata import combining, normalize


def fold(text: str) -> str:
    """Lower case, without accents, one space between words: "Peña  NÚÑEZ" is "pena nunez"."""
    plain = "".join(sign for sign in normalize("NFKD", text) if not combining(sign))
    return " ".join(plain.casefold().split())


def digits(text: str) -> str:
    """Only the digits 0-9, e.g. of a phone typed as "(55) 1234-5678"."""
    return "".join(sign for sign in text if sign in "0123456789")


def key(text: str) -> str:
    """Only letters and digits, folded: what two spellings of one document or address share."""
    return "".join(sign for sign in fold(text) if sign.isalnum())


# Signs that Unicode does not decompose, as one would type them on a plain keyboard.
_TYPED = str.maketrans(
    {
        "ß": "ss", "Æ": "AE", "æ": "ae", "Ø": "O", "ø": "o", "Œ": "OE", "œ": "oe", "Ł": "L",
        "ł": "l", "Đ": "D", "đ": "d", "“": '"', "”": '"', "‘": "'", "’": "'", "´": "'",
        "–": "-", "—": "-", "¡": "!", "¿": "?", "«": '"', "»": '"', "×": "x",
    }
)  # fmt: skip


def ascii_fold(text: str, unknown: str = "") -> str:
    """Text for devices that know ASCII alone: ñ is n, Á is A; what has no likeness is `unknown`."""
    signs = (sign for sign in normalize("NFKD", text.translate(_TYPED)) if not combining(sign))
    return "".join(sign if sign.isascii() else unknown for sign in signs)
