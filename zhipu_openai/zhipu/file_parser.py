"""``client.zhipu.file_parser``: the text of documents of many kinds."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from openai import BaseModel
from typing_extensions import TypedDict, Unpack

from ._files import extension_of
from ._resource import (
    Absent,
    AsyncZhipuResource,
    Options,
    PollOptions,
    ZhipuResource,
    async_raw,
    async_streamed,
    part_of,
    path_of,
    raw,
    request_options,
    streamed,
    takes,
)

if TYPE_CHECKING:
    from openai._types import FileTypes

ParserTool: TypeAlias = Literal["lite", "expert", "prime"]
ParserFormat: TypeAlias = Literal["text", "download_link"]


class _Required(TypedDict):
    file: FileTypes
    tool_type: ParserTool | str


class FileParserParams(_Required, Options, total=False):
    """The keywords of ``file_parser.create``; see there."""

    file_type: str | Absent


class FileParserPollParams(FileParserParams, PollOptions, total=False):
    """The keywords of ``file_parser.create_and_poll``; see there."""

    format_type: ParserFormat


class _RequiredSync(TypedDict):
    file: FileTypes


class FileParserSyncParams(_RequiredSync, Options, total=False):
    """The keywords of ``file_parser.sync``; see there."""

    tool_type: Literal["prime-sync"] | Absent
    file_type: str | Absent


class FileParserResultParams(Options, total=False):
    """The keywords of ``file_parser.result``; see there."""

    format_type: ParserFormat


class FileParserTask(BaseModel):
    """A task that was begun."""

    task_id: str
    success: bool | None = None
    message: str | None = None


class FileParserResult(BaseModel):
    """How far a task is, and what it gave.

    Attributes:
        task_id: The task's id.
        status: ``processing``, ``succeeded`` or ``failed``.
        message: Zhipu's words about it.
        content: The text, where text was asked for.
        parsing_result_url: Where an archive of text and images lies for 24 hours, where a link was asked for.
    """

    task_id: str
    status: Literal["processing", "succeeded", "failed"]
    message: str | None = None
    content: str | None = None
    parsing_result_url: str | None = None


class FileParser(ZhipuResource):
    """Reading the text of documents of many kinds."""

    @cached_property
    def with_raw_response(self) -> FileParserWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return FileParserWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> FileParserWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return FileParserWithStreamingResponse(self)

    @takes(FileParserParams)
    def create(self, **given: Unpack[FileParserParams]) -> FileParserTask:
        """Begin to parse a document; ``result`` gives what comes of it.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Args:
            file: The document, as openai takes files: opened, its bytes, a path, or a tuple with its name.
            tool_type: ``"lite"`` (text alone, many kinds up to 50 MB), ``"expert"`` (PDF up to 100 MB) or
                ``"prime"`` (nearly all kinds up to 100 MB, with images and tables).
            file_type: Its kind in capitals, such as ``"PDF"``; taken from the file's name if that has one.
        """
        kind = given.get("file_type") or extension_of(given["file"])
        return self._call(
            "post",
            "/files/parser/create",
            cast_to=FileParserTask,
            given={**given, "file_type": kind},
            files={"file": given["file"]},
        )

    @takes(FileParserResultParams)
    def result(self, task_id: str, **given: Unpack[FileParserResultParams]) -> FileParserResult:
        """Look at a task.

        Source: bigmodel.cn OpenAPI, 2026-07-11.

        Args:
            task_id: The id that ``create`` gave.
            format_type: ``"text"`` (the default) or ``"download_link"``.
        """
        fields = {name: value for name, value in given.items() if name != "format_type"}
        path = path_of(
            "/files/parser/result/{task_id}/{form}", task_id=task_id, form=given.get("format_type", "text")
        )
        return self._call("get", path, cast_to=FileParserResult, given=fields)

    @takes(FileParserSyncParams)
    def sync(self, **given: Unpack[FileParserSyncParams]) -> FileParserResult:
        """Parse a document and wait for its text in one request.

        Source: bigmodel.cn OpenAPI, 2026-07-11. Zhipu requires the file's kind here, whatever the specification says (recorded, 2026-07).

        Args:
            file: The document, as openai takes files.
            tool_type: ``"prime-sync"``, the only one, which is also sent if none is given.
            file_type: Its kind in capitals, such as ``"PDF"``; taken from the file's name if that has one.

        Raises:
            ValueError: Neither ``file_type`` nor the file's name says what kind it is.
            openai.BadRequestError: The document cannot be parsed; Zhipu says so inside a success.
        """
        kind = given.get("file_type") or extension_of(given["file"])
        if not kind:
            raise ValueError(
                'file_type is needed where the file has no name that ends in it: file_type="PDF"'
            )
        return self._call(
            "post",
            "/files/parser/sync",
            cast_to=FileParserResult,
            given={**given, "file_type": kind, "tool_type": given.get("tool_type") or "prime-sync"},
            files={"file": given["file"]},
        )

    @takes(FileParserPollParams)
    def create_and_poll(self, **given: Unpack[FileParserPollParams]) -> FileParserResult:
        """Begin to parse a document and wait until that is done, or has failed.

        Args:
            file: See ``create``, as for ``tool_type`` and ``file_type``.
            format_type: See ``result``.
            poll_interval: Seconds between two looks; 2 by default.
            max_wait_seconds: Seconds to wait at most; 1800 by default.

        Raises:
            PollTimeoutError: It is not done by then; the task goes on.
        """
        options = request_options(given)
        task = self.create(**part_of(given, FileParserParams))
        form = given.get("format_type", "text")
        return self._wait(
            lambda: self.result(task.task_id, format_type=form, **options),
            lambda found: found.status != "processing",
            given,
            f"The task {task.task_id}",
        )


class AsyncFileParser(AsyncZhipuResource):
    """Reading the text of documents of many kinds."""

    @cached_property
    def with_raw_response(self) -> AsyncFileParserWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncFileParserWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncFileParserWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncFileParserWithStreamingResponse(self)

    @takes(FileParserParams)
    async def create(self, **given: Unpack[FileParserParams]) -> FileParserTask:
        """Begin to parse a document; ``result`` gives what comes of it; see FileParser.create."""
        kind = given.get("file_type") or extension_of(given["file"])
        return await self._call(
            "post",
            "/files/parser/create",
            cast_to=FileParserTask,
            given={**given, "file_type": kind},
            files={"file": given["file"]},
        )

    @takes(FileParserResultParams)
    async def result(self, task_id: str, **given: Unpack[FileParserResultParams]) -> FileParserResult:
        """Look at a task; see FileParser.result."""
        fields = {name: value for name, value in given.items() if name != "format_type"}
        path = path_of(
            "/files/parser/result/{task_id}/{form}", task_id=task_id, form=given.get("format_type", "text")
        )
        return await self._call("get", path, cast_to=FileParserResult, given=fields)

    @takes(FileParserSyncParams)
    async def sync(self, **given: Unpack[FileParserSyncParams]) -> FileParserResult:
        """Parse a document and wait for its text in one request; see FileParser.sync."""
        kind = given.get("file_type") or extension_of(given["file"])
        if not kind:
            raise ValueError(
                'file_type is needed where the file has no name that ends in it: file_type="PDF"'
            )
        return await self._call(
            "post",
            "/files/parser/sync",
            cast_to=FileParserResult,
            given={**given, "file_type": kind, "tool_type": given.get("tool_type") or "prime-sync"},
            files={"file": given["file"]},
        )

    @takes(FileParserPollParams)
    async def create_and_poll(self, **given: Unpack[FileParserPollParams]) -> FileParserResult:
        """Begin to parse a document and wait until that is done, or has failed; see FileParser.create_and_poll."""
        options = request_options(given)
        task = await self.create(**part_of(given, FileParserParams))
        form = given.get("format_type", "text")
        return await self._wait(
            lambda: self.result(task.task_id, format_type=form, **options),
            lambda found: found.status != "processing",
            given,
            f"The task {task.task_id}",
        )


class FileParserWithRawResponse:
    """See FileParser."""

    def __init__(self, group: FileParser) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)
        self.result = raw(group.result)
        self.sync = raw(group.sync)


class AsyncFileParserWithRawResponse:
    """See AsyncFileParser."""

    def __init__(self, group: AsyncFileParser) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)
        self.result = async_raw(group.result)
        self.sync = async_raw(group.sync)


class FileParserWithStreamingResponse:
    """See FileParser."""

    def __init__(self, group: FileParser) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)
        self.result = streamed(group.result)
        self.sync = streamed(group.sync)


class AsyncFileParserWithStreamingResponse:
    """See AsyncFileParser."""

    def __init__(self, group: AsyncFileParser) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
        self.result = async_streamed(group.result)
        self.sync = async_streamed(group.sync)
