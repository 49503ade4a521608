"""OpenAI's pages, which go on from an item, over Zhipu's, which are numbered: the whole list is read and cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from zhipu_openai.exchange import Call

DEFAULT_LIMIT: Final = 20
MOST: Final = 100


class Cursor:
    """The part of a list that is asked for.

    Attributes:
        limit: Items of a page.
        filter: The status that files are asked for, if one is.
    """

    def __init__(self, call: Call) -> None:
        """Read the query.

        Raises:
            Refused: The limit is none.
        """
        asked = dict(parse_qsl(call.query))
        self._after = asked.get("after")
        self._before = asked.get("before")
        self.filter = asked.get("filter")
        self.limit = _limit(asked.get("limit"))
        if "order" in asked:
            call.ledger.add(
                "order",
                "dropped",
                "Zhipu tells no times of creation, so its own order stays.",
            )

    def cut(self, items: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
        """Give the items of the page, and say whether there are more.

        Raises:
            Refused: The item to go on from is not in the list.
        """
        names = [str(one["id"]) for one in items]
        start, end = 0, len(items)
        if self._after is not None:
            start = self._place(names, self._after, "after") + 1
        if self._before is not None:
            end = self._place(names, self._before, "before")
        left = items[start:end]
        if self._before is not None and self._after is None:
            return left[-self.limit :], len(left) > self.limit
        return left[: self.limit], len(left) > self.limit

    @staticmethod
    def _place(names: list[str], name: str, param: str) -> int:
        if name in names:
            return names.index(name)
        raise Refused(
            refusal(
                "The item to go on from is not in the list (any more).", param=param, code="invalid_value"
            )
        )


def page(items: list[dict[str, Any]], *, has_more: bool) -> dict[str, Any]:
    """Make the answer."""
    return {
        "object": "list",
        "data": items,
        "first_id": items[0]["id"] if items else None,
        "last_id": items[-1]["id"] if items else None,
        "has_more": has_more,
    }


def _limit(given: str | None) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if given.isdecimal() and 1 <= int(given) <= MOST:
        return int(given)
    raise Refused(refusal(f"limit must be an integer from 1 to {MOST}.", param="limit", code="invalid_value"))
