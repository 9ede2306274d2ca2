"""What differs between RouterOS versions, asked by ability and never by number elsewhere."""

from dataclasses import dataclass

V6_OLD_LOGIN = "6.42.12"
V6 = "6.49.17"
V7 = "7.16.2"
V7_NEW = "7.23.3"


@dataclass(frozen=True, slots=True)
class Version:
    text: str

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.text.split("."))

    def is_from(self, first: str) -> bool:
        """Is it this version or a later one?"""
        return self.numbers >= tuple(int(part) for part in first.split("."))

    @property
    def challenge_login(self) -> bool:
        return self.numbers < (6, 43)

    @property
    def says_empty(self) -> bool:
        return self.numbers >= (7, 18)

    @property
    def iso_dates(self) -> bool:
        return self.numbers >= (7, 10)

    @property
    def names_unknown_parameter(self) -> bool:
        return self.numbers >= (7,)

    @property
    def newest_arguments(self) -> bool:
        return self.numbers >= (7, 23)

    @property
    def channel(self) -> str:
        return "long-term" if self.numbers < (7,) else "stable"
