"""Which rows a person chose: some of a page, all of a filter, or those of pasted codes."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from caudal.apps.bulk.acts import Subject
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible

_APART = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Choice:
    """The rows, how many, and what a page sends again to choose the same ones."""

    rows: "QuerySet[Any]"
    count: int
    hidden: list[tuple[str, str]]
    unknown: list[str]
    """Pasted codes that nobody has whom this person may see."""
    query: str

    def plain(self) -> dict[str, Any]:
        """What chooses the same rows another time, as JSON keeps it."""
        return {"query": self.query, "named": self.hidden}


def chosen_in(post: QueryDict, subject: Subject, user: User) -> Choice:
    """What `pick`, `all` with `query`, or `codes` name of the rows that this person may see."""
    query = QueryDict(post.get("query", ""))
    mine = visible(user, subject.model._default_manager.all())
    unknown: list[str] = []
    if post.get("all"):
        rows, hidden = subject.narrow(user, query), [("all", "1")]
    elif subject.by_codes and "codes" in post:
        codes = list(dict.fromkeys(code for code in _APART.split(str(post["codes"])) if code))
        rows, unknown = subject.by_codes(mine, codes)
        rows, hidden = subject.ordered(rows, query), [("codes", " ".join(codes))]
    else:
        picked = [pk for pk in post.getlist("pick") if pk.isdecimal()]
        rows = subject.ordered(mine.filter(pk__in=picked), query)
        hidden = [("pick", pk) for pk in picked]
    return Choice(rows, rows.count(), hidden, unknown, post.get("query", ""))


def chosen_again(plain: dict[str, Any], subject: Subject, user: User) -> Choice:
    """What `Choice.plain` kept, for who may see it now."""
    post = QueryDict(mutable=True)
    post["query"] = plain["query"]
    for name, value in plain["named"]:
        post.appendlist(name, value)
    return chosen_in(post, subject, user)
