"""``client.zhipu.web_reader``: a web page as text."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal, TypeAlias

from openai import BaseModel
from pydantic import Field
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

ReaderFormat: TypeAlias = Literal["markdown", "text"]


class _Required(TypedDict):
    url: str


class WebReaderParams(_Required, Options, total=False):
    """The keywords of ``web_reader.create``; see there."""

    page_timeout: int | Absent
    no_cache: bool | Absent
    return_format: ReaderFormat | str | Absent
    retain_images: bool | Absent
    no_gfm: bool | Absent
    keep_img_data_url: bool | Absent
    with_images_summary: bool | Absent
    with_links_summary: bool | Absent


class ReaderResult(BaseModel):
    """A page as it was read.

    Attributes:
        title: Its title.
        description: What it says about itself.
        url: Its address.
        content: Its text, in the format that was asked for.
        external: What it loads from elsewhere, by kind and address.
        metadata: Its meta tags.
    """

    content: str
    title: str | None = None
    description: str | None = None
    url: str | None = None
    external: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None


class WebReaderResponse(BaseModel):
    """The page, and who read it."""

    result: ReaderResult = Field(alias="reader_result")
    id: str | None = None
    created: int | None = None
    request_id: str | None = None
    model: str | None = None


class WebReader(ZhipuResource):
    """Reading web pages."""

    @cached_property
    def with_raw_response(self) -> WebReaderWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return WebReaderWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> WebReaderWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return WebReaderWithStreamingResponse(self)

    @takes(WebReaderParams)
    def create(self, **given: Unpack[WebReaderParams]) -> WebReaderResponse:
        """Read a web page, without its scripts and ornaments.

        Source: bigmodel.cn OpenAPI, 2026-07-11; z.ai OpenAPI, 2026-08-22. Coding Plan keys may use it (recorded, 2026-09).

        Args:
            url: The page's address.
            page_timeout: Seconds that the page is waited for, 20 by default; sent as ``timeout``, which here is the
                whole request's, as in every call.
            no_cache: Whether to read the page anew rather than from a cache; False by default.
            return_format: ``"markdown"`` (the default) or ``"text"``.
            retain_images: Whether to keep images; True by default.
            no_gfm: Whether to do without GitHub's extensions of Markdown; False by default.
            keep_img_data_url: Whether to keep images that are data URLs; False by default.
            with_images_summary: Whether to list the images at the end; False by default.
            with_links_summary: Whether to list the links at the end; False by default.
        """
        fields = {name: value for name, value in given.items() if name != "page_timeout"}
        seconds = given.get("page_timeout")
        return self._call(
            "post", "/reader", cast_to=WebReaderResponse, given=fields, fields={"timeout": seconds}
        )


class AsyncWebReader(AsyncZhipuResource):
    """Reading web pages."""

    @cached_property
    def with_raw_response(self) -> AsyncWebReaderWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncWebReaderWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncWebReaderWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncWebReaderWithStreamingResponse(self)

    @takes(WebReaderParams)
    async def create(self, **given: Unpack[WebReaderParams]) -> WebReaderResponse:
        """Read a web page, without its scripts and ornaments; see WebReader.create."""
        fields = {name: value for name, value in given.items() if name != "page_timeout"}
        seconds = given.get("page_timeout")
        return await self._call(
            "post", "/reader", cast_to=WebReaderResponse, given=fields, fields={"timeout": seconds}
        )


class WebReaderWithRawResponse:
    """See WebReader."""

    def __init__(self, group: WebReader) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)


class AsyncWebReaderWithRawResponse:
    """See AsyncWebReader."""

    def __init__(self, group: AsyncWebReader) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)


class WebReaderWithStreamingResponse:
    """See WebReader."""

    def __init__(self, group: WebReader) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)


class AsyncWebReaderWithStreamingResponse:
    """See AsyncWebReader."""

    def __init__(self, group: AsyncWebReader) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
