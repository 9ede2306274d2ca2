"""The ways a RouterOS command ends badly, in the router's own words."""


class Trap(Exception):
    """`!trap`. Categories: 0 missing item, 1 argument, 2 interrupted, 4 general, 5 API."""

    def __init__(self, message: str, category: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.category = category


class Fatal(Exception):
    """`!fatal`: a word of explanation, then the connection closes."""


NO_SUCH_ITEM = "no such item"
NO_SUCH_COMMAND = "no such command"
NO_SUCH_MENU = "no such command prefix"
NOT_PERMITTED = "not enough permissions (9)"
WRONG_LOGIN = "invalid user name or password (6)"
WRONG_LOGIN_OLD = "cannot log in"
