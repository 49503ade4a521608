"""``client.zhipu.ocr``: handwriting."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

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

if TYPE_CHECKING:
    from openai._types import FileTypes

OcrLanguage: TypeAlias = Literal[
    "CHN_ENG",
    "AUTO",
    "ENG",
    "JAP",
    "KOR",
    "FRE",
    "SPA",
    "POR",
    "GER",
    "ITA",
    "RUS",
    "DAN",
    "DUT",
    "MAL",
    "SWE",
    "IND",
    "POL",
    "ROM",
    "TUR",
    "GRE",
    "HUN",
    "THA",
    "VIE",
    "ARA",
    "HIN",
]
"""Source: bigmodel.cn OpenAPI, 2026-07-11."""


class _Required(TypedDict):
    file: FileTypes


class OcrParams(_Required, Options, total=False):
    """The keywords of ``ocr.create``; see there."""

    tool_type: Literal["hand_write"] | Absent
    language_type: OcrLanguage | Absent
    probability: bool | Absent


class OcrLocation(BaseModel):
    """Where a line stands, in pixels."""

    left: int
    top: int
    width: int
    height: int


class OcrProbability(BaseModel):
    """How sure the reading is, 0 to 1."""

    average: float | None = None
    variance: float | None = None
    min: float | None = None


class OcrWords(BaseModel):
    """A line that was read."""

    words: str
    location: OcrLocation | None = None
    probability: OcrProbability | None = None


class OcrResponse(BaseModel):
    """What was read, line by line."""

    task_id: str
    status: str
    message: str | None = None
    words_result_num: int | None = None
    words_result: list[OcrWords] | None = None


class Ocr(ZhipuResource):
    """Reading handwriting."""

    @cached_property
    def with_raw_response(self) -> OcrWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return OcrWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> OcrWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return OcrWithStreamingResponse(self)

    @takes(OcrParams)
    def create(self, **given: Unpack[OcrParams]) -> OcrResponse:
        """Read the handwriting of an image.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone. For printed documents see ``layout_parsing``.

        Args:
            file: The image, as openai takes files: opened, its bytes, a path, or a tuple with its name. PNG, JPG or
                BMP up to 8 MB.
            tool_type: ``"hand_write"``, the only one, which is also sent if none is given.
            language_type: The language, such as ``"CHN_ENG"``, ``"ENG"`` or ``"AUTO"``.
            probability: Whether to say how sure each line is; False by default.

        Raises:
            openai.BadRequestError: The image cannot be read; Zhipu says so inside a success.
        """
        return self._call(
            "post",
            "/files/ocr",
            cast_to=OcrResponse,
            given={**given, "tool_type": given.get("tool_type") or "hand_write"},
            files={"file": given["file"]},
        )


class AsyncOcr(AsyncZhipuResource):
    """Reading handwriting."""

    @cached_property
    def with_raw_response(self) -> AsyncOcrWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncOcrWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncOcrWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncOcrWithStreamingResponse(self)

    @takes(OcrParams)
    async def create(self, **given: Unpack[OcrParams]) -> OcrResponse:
        """Read the handwriting of an image; see Ocr.create."""
        return await self._call(
            "post",
            "/files/ocr",
            cast_to=OcrResponse,
            given={**given, "tool_type": given.get("tool_type") or "hand_write"},
            files={"file": given["file"]},
        )


class OcrWithRawResponse:
    """See Ocr."""

    def __init__(self, group: Ocr) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)


class AsyncOcrWithRawResponse:
    """See AsyncOcr."""

    def __init__(self, group: AsyncOcr) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)


class OcrWithStreamingResponse:
    """See Ocr."""

    def __init__(self, group: Ocr) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)


class AsyncOcrWithStreamingResponse:
    """See AsyncOcr."""

    def __init__(self, group: AsyncOcr) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
