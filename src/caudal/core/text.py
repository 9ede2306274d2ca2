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
