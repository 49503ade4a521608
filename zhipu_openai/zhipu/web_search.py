"""``client.zhipu.web_search``: a search engine whose results are made for models."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, TypeAlias

from openai import BaseModel
from typing_extensions import TypedDict, Unpack

from ._resource import (
    Absent,
    AsyncZhipuResource,
    Options,
    ZhipuResource,
    async_raw,
    async_streamed,
    raw,
    streamed,
    takes,
)

SearchEngine: TypeAlias = Literal[
    "search_std", "search_pro", "search_pro_sogou", "search_pro_quark", "search-prime"
]
"""The engines. Source: bigmodel.cn OpenAPI, 2026-07-11; ``search-prime``, z.ai's only one, z.ai OpenAPI,
2026-08-22. With ``search_std`` and ``search_pro`` the links come back empty (recorded, 2026-09)."""

Recency: TypeAlias = Literal["oneDay", "oneWeek", "oneMonth", "oneYear", "noLimit"]
ContentSize: TypeAlias = Literal["medium", "high"]


class _Required(TypedDict):
    search_query: str
    search_engine: SearchEngine | str


class WebSearchParams(_Required, Options, total=False):
    """The keywords of ``web_search.create``; see there."""

    search_intent: bool | Absent
    count: int | Absent
    search_domain_filter: str | Absent
    search_recency_filter: Recency | Absent
    content_size: ContentSize | Absent
    request_id: str | Absent
    user_id: str | Absent


class WebSearchIntent(BaseModel):
    """What the query was taken to mean.

    Attributes:
        query: The query as given.
        intent: ``SEARCH_ALL``, ``SEARCH_NONE`` (nothing was searched), or ``SEARCH_ALWAYS`` (not asked for).
        keywords: The query as it was searched.
    """

    query: str | None = None
    intent: str | None = None
    keywords: str | None = None


class WebSearchResult(BaseModel):
    """A page that was found.

    Attributes:
        title: Its title.
        content: What it says, shortened as ``content_size`` asks.
        link: Its address; empty with some engines.
        media: The name of the site.
        icon: The site's icon, an address.
        refer: Its number, ``ref_1`` and so on.
        publish_date: When it was published, as the site writes it.
    """

    title: str | None = None
    content: str | None = None
    link: str | None = None
    media: str | None = None
    icon: str | None = None
    refer: str | None = None
    publish_date: str | None = None


class WebSearchResponse(BaseModel):
    """What was found, and what the query was taken to mean."""

    id: str
    created: int | None = None
    request_id: str | None = None
    search_intent: list[WebSearchIntent] | None = None
    search_result: list[WebSearchResult] | None = None


class WebSearch(ZhipuResource):
    """Searching the web."""

    @cached_property
    def with_raw_response(self) -> WebSearchWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return WebSearchWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> WebSearchWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return WebSearchWithStreamingResponse(self)

    @takes(WebSearchParams)
    def create(self, **given: Unpack[WebSearchParams]) -> WebSearchResponse:
        """Search the web.

        Source: bigmodel.cn OpenAPI, 2026-07-11; z.ai OpenAPI, 2026-08-22. For a model that searches by itself see ``zhipu.tools.web_search``.

        Args:
            search_query: What is looked for, at most 70 characters.
            search_engine: ``"search_std"``, ``"search_pro"``, ``"search_pro_sogou"`` or ``"search_pro_quark"``; at
                z.ai ``"search-prime"``. The first two give no links.
            search_intent: Whether to find out first if the query wants a search at all; False by default.
            count: How many results, 1 to 50, 10 by default; with ``search_pro_sogou`` 10, 20, 30, 40 or 50.
            search_domain_filter: A domain, such as ``"www.example.com"``, from which alone results may come.
            search_recency_filter: How old results may be; ``"noLimit"`` by default.
            content_size: ``"medium"`` for summaries, ``"high"`` for as much as fits.
            request_id: Your own id of the request, 6 to 64 characters.
            user_id: The end user, 6 to 128 characters.

        Raises:
            openai.BadRequestError: The query is too long or an option is not known (Zhipu codes 1214, 1701).
            openai.RateLimitError: The account has no balance (1113); Coding Plan keys have none for this.
        """
        intent = given.get("search_intent")
        return self._call(
            "post", "/web_search", cast_to=WebSearchResponse, given={**given, "search_intent": bool(intent)}
        )


class AsyncWebSearch(AsyncZhipuResource):
    """Searching the web."""

    @cached_property
    def with_raw_response(self) -> AsyncWebSearchWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncWebSearchWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncWebSearchWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncWebSearchWithStreamingResponse(self)

    @takes(WebSearchParams)
    async def create(self, **given: Unpack[WebSearchParams]) -> WebSearchResponse:
        """Search the web; see WebSearch.create."""
        intent = given.get("search_intent")
        return await self._call(
            "post", "/web_search", cast_to=WebSearchResponse, given={**given, "search_intent": bool(intent)}
        )


class WebSearchWithRawResponse:
    """See WebSearch."""

    def __init__(self, group: WebSearch) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)


class AsyncWebSearchWithRawResponse:
    """See AsyncWebSearch."""

    def __init__(self, group: AsyncWebSearch) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)


class WebSearchWithStreamingResponse:
    """See WebSearch."""

    def __init__(self, group: WebSearch) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)


class AsyncWebSearchWithStreamingResponse:
    """See AsyncWebSearch."""

    def __init__(self, group: AsyncWebSearch) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
