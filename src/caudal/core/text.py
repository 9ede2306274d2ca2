"""Text as people search and compare it: without accents, case and signs."""

from itertools import groupby
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


def numbered(text: str) -> tuple[str, int] | None:
    """Prefix and number of a document as printed, e.g. ("FAC-", 12) of "FAC-00012"; None of a text
    that does not end in a number that a database holds.
    """
    number = text[len(text.rstrip("0123456789")) :]
    if not number or len(number) > 18:
        return None
    return text.removesuffix(number), int(number)


def marked(text: str, typed: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the typed words, accents and case apart.

    "Peña Ruiz" for "pen" is [("Peñ", True), ("a Ruiz", False)].
    """
    plain, origin = "", []
    for at, sign in enumerate(text):
        folded = " " if sign.isspace() else fold(sign)
        plain += folded
        origin += [at] * len(folded)
    hit = [False] * len(text)
    for word in fold(typed).split():
        start = plain.find(word)
        while start >= 0:
            for place in range(start, start + len(word)):
                hit[origin[place]] = True
            start = plain.find(word, start + len(word))
    signs = zip(text, hit, strict=True)
    return [
        ("".join(sign for sign, _ in piece), is_hit)
        for is_hit, piece in groupby(signs, key=lambda each: each[1])
    ]


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
