"""Lists that come in pages counted from 1, as Zhipu's knowledge bases and documents do."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from openai import BaseModel
from openai._base_client import BaseAsyncPage, BasePage, BaseSyncPage, PageInfo
from pydantic import Field

T = TypeVar("T")


class PageContent(BaseModel, Generic[T]):
    """What a page holds.

    Attributes:
        entries: The items of this page; Zhipu's word is ``list``.
        total: How many items all pages have together.
    """

    entries: list[T] | None = Field(default=None, alias="list")
    total: int | None = None


def _next(options: Any, content: PageContent[Any] | None) -> PageInfo | None:
    """Ask for the page after this one, if the total says that there is more."""
    here = dict(options.params or {})
    page, size = int(here.get("page") or 1), int(here.get("size") or 10)
    items = content.entries if content is not None else None
    if content is None or not items or page * size >= (content.total or 0):
        return None
    return PageInfo(params={"page": page + 1})


class SyncNumberPage(BaseSyncPage[T], BasePage[T], Generic[T]):
    """A page of a list; iterating over it goes on to the pages behind."""

    data: PageContent[T] | None = None

    def _get_page_items(self) -> list[T]:
        return (self.data.entries if self.data is not None else None) or []

    def next_page_info(self) -> PageInfo | None:
        """Say where the next page is; None for the last."""
        return _next(self._options, self.data)


class AsyncNumberPage(BaseAsyncPage[T], BasePage[T], Generic[T]):
    """A page of a list; iterating over it goes on to the pages behind."""

    data: PageContent[T] | None = None

    def _get_page_items(self) -> list[T]:
        return (self.data.entries if self.data is not None else None) or []

    def next_page_info(self) -> PageInfo | None:
        """Say where the next page is; None for the last."""
        return _next(self._options, self.data)
