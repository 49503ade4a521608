"""``client.zhipu.layout_parsing``: documents and images as Markdown, by GLM-OCR."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from openai import BaseModel
from typing_extensions import TypedDict, Unpack

from ._files import data_url
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

if TYPE_CHECKING:
    from os import PathLike


class _Required(TypedDict):
    file: str | bytes | PathLike[str]


class LayoutParsingParams(_Required, Options, total=False):
    """The keywords of ``layout_parsing.create``; see there."""

    model: str | Absent
    return_crop_images: bool | Absent
    need_layout_visualization: bool | Absent
    start_page_id: int | Absent
    end_page_id: int | Absent
    request_id: str | Absent
    user_id: str | Absent


class LayoutElement(BaseModel):
    """A part of a page.

    Attributes:
        index: Its number on the page.
        label: ``image``, ``text``, ``formula`` or ``table``.
        bbox_2d: Its corners, left, top, right, bottom, as parts of the page's width and height, 0 to 1.
        content: Its text; of an image its address, of a table HTML.
        height: The page's height, in pixels.
        width: The page's width, in pixels.
    """

    index: int | None = None
    label: str | None = None
    bbox_2d: list[float] | None = None
    content: str | None = None
    height: int | None = None
    width: int | None = None


class PageSize(BaseModel):
    """A page's size, in pixels."""

    width: int | None = None
    height: int | None = None


class DocumentInfo(BaseModel):
    """How many pages there are, and how large."""

    num_pages: int | None = None
    pages: list[PageSize] | None = None


class LayoutUsage(BaseModel):
    """Tokens that are billed."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None


class LayoutParsingResponse(BaseModel):
    """What was read.

    Attributes:
        id: The task's id.
        md_results: The whole document in Markdown.
        layout_details: The elements of each page, page by page.
        layout_visualization: Addresses of the pages with their elements drawn in, if they were asked for.
        data_info: The pages' number and sizes.
    """

    id: str
    created: int | None = None
    model: str | None = None
    md_results: str | None = None
    layout_details: list[list[LayoutElement]] | None = None
    layout_visualization: list[str] | None = None
    data_info: DocumentInfo | None = None
    usage: LayoutUsage | None = None
    request_id: str | None = None


class LayoutParsing(ZhipuResource):
    """Reading documents and images with GLM-OCR."""

    @cached_property
    def with_raw_response(self) -> LayoutParsingWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return LayoutParsingWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> LayoutParsingWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return LayoutParsingWithStreamingResponse(self)

    @takes(LayoutParsingParams)
    def create(self, **given: Unpack[LayoutParsingParams]) -> LayoutParsingResponse:
        """Read a document or image with GLM-OCR: its text, tables and formulas, and where they stand.

        Source: bigmodel.cn OpenAPI, 2026-07-11; z.ai OpenAPI, 2026-08-22.

        Args:
            file: An address, a data URL, the path of a file or its bytes. PDF up to 50 MB and 100 pages; JPG and
                PNG up to 10 MB. A path and bytes are sent as a data URL, as working clients do.
            model: ``"glm-ocr"``, which is also sent if none is given.
            return_crop_images: Whether to cut out the images found; False by default.
            need_layout_visualization: Whether to draw the layout; False by default.
            start_page_id: The first page of a PDF to read, from 1.
            end_page_id: The last page to read, from 1.
            request_id: Your own id of the request, 6 to 64 characters.
            user_id: The end user, 6 to 128 characters.

        Raises:
            OSError: The file of a path cannot be read.
            openai.BadRequestError: The file is too large or of another kind (Zhipu codes 1210, 1214).
        """
        file, model = data_url(given["file"]), given.get("model") or "glm-ocr"
        return self._call(
            "post",
            "/layout_parsing",
            cast_to=LayoutParsingResponse,
            given={**given, "file": file, "model": model},
        )


class AsyncLayoutParsing(AsyncZhipuResource):
    """Reading documents and images with GLM-OCR."""

    @cached_property
    def with_raw_response(self) -> AsyncLayoutParsingWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncLayoutParsingWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncLayoutParsingWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncLayoutParsingWithStreamingResponse(self)

    @takes(LayoutParsingParams)
    async def create(self, **given: Unpack[LayoutParsingParams]) -> LayoutParsingResponse:
        """Read a document or image with GLM-OCR: its text, tables and formulas, and where they stand; see LayoutParsing.create."""
        file, model = data_url(given["file"]), given.get("model") or "glm-ocr"
        return await self._call(
            "post",
            "/layout_parsing",
            cast_to=LayoutParsingResponse,
            given={**given, "file": file, "model": model},
        )


class LayoutParsingWithRawResponse:
    """See LayoutParsing."""

    def __init__(self, group: LayoutParsing) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)


class AsyncLayoutParsingWithRawResponse:
    """See AsyncLayoutParsing."""

    def __init__(self, group: AsyncLayoutParsing) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)


class LayoutParsingWithStreamingResponse:
    """See LayoutParsing."""

    def __init__(self, group: LayoutParsing) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)


class AsyncLayoutParsingWithStreamingResponse:
    """See AsyncLayoutParsing."""

    def __init__(self, group: AsyncLayoutParsing) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
