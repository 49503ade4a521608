"""Keywords and answers of ``client.zhipu.applications``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from openai import BaseModel
from pydantic import ConfigDict, Field
from typing_extensions import Required, TypedDict

from ._resource import Absent, Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openai._types import FileTypes

FileKind: TypeAlias = Literal[1, 2, 3, 4, 5]
"""1 a table, 2 a document, 3 a sound, 4 a picture, 5 a video."""


class _RequiredFile(TypedDict):
    app_id: str
    file: FileTypes


class AppUploadParams(_RequiredFile, Options, total=False):
    """The keywords of ``applications.upload``; see there."""

    upload_unit_id: str | Absent
    conversation_id: str | Absent
    file_type: FileKind | int | Absent


class _RequiredIds(TypedDict):
    app_id: str
    file_ids: Iterable[str]


class AppFileStatParams(_RequiredIds, Options, total=False):
    """The keywords of ``applications.file_stat``; see there."""


class AppInput(TypedDict, total=False):
    """Something that the user gives.

    Attributes:
        type: ``input``, ``selection_list``, ``upload_file``, ``upload_image`` or ``upload_video``.
        value: The text, the option, the file's id, or the link.
        key: The variable's name, for applications that are no conversation.
    """

    type: Required[Literal["input", "selection_list", "upload_file", "upload_image", "upload_video"]]
    value: Required[str]
    key: str


class AppMessage(TypedDict, total=False):
    """What is said; conversations need the ``role``."""

    role: Literal["user", "assistant"]
    content: Required[Iterable[AppInput]]


class _RequiredMessages(TypedDict):
    app_id: str
    messages: Iterable[AppMessage]


class AppInvokeParams(_RequiredMessages, Options, total=False):
    """The keywords of ``applications.invoke`` and ``applications.stream``; see there."""

    conversation_id: str | Absent
    third_request_id: str | Absent
    document_ids: Iterable[str] | Absent
    knowledge_ids: Iterable[str] | Absent
    send_log_event: bool | Absent


class _RequiredApp(TypedDict):
    app_id: str


class AppRequestParams(_RequiredApp, Options, total=False):
    """The keywords of ``applications.generate_request_id``; see there."""

    conversation_id: str | Absent
    key_value_pairs: Iterable[Mapping[str, Any]] | Absent
    force: bool


class AppOldRunParams(Options, total=False):
    """The keywords of ``applications.sse_invoke``; see there."""

    force: bool


class _RequiredNode(TypedDict):
    request_id: str
    node_id: str


class AppSliceParams(_RequiredNode, Options, total=False):
    """The keywords of ``applications.slice_info``; see there."""


class AppVariable(BaseModel):
    """Something that an application asks for.

    Attributes:
        id: Its id.
        name: Its name, which is the ``key`` of an input.
        type: What kind of input it is.
        tips: What to write.
        allowed_values: What may be chosen.
        input_template: The same, for older applications.
    """

    id: str
    name: str | None = None
    type: str | None = None
    tips: str | None = None
    allowed_values: list[Any] | None = None
    input_template: dict[str, Any] | None = None


AppVariables: TypeAlias = list[AppVariable]


class AppFile(BaseModel):
    """A file that was taken."""

    file_id: str
    file_name: str | None = None


class AppFileFailure(BaseModel):
    """A file that was not taken, and why."""

    file_name: str | None = None
    fail_reason: str | None = None


class AppUpload(BaseModel):
    """What became of an upload. Look at ``failed`` too: a file that is not taken is no error of the request."""

    succeeded: list[AppFile] | None = Field(alias="success_info", default=None)
    failed: list[AppFileFailure] | None = Field(alias="fail_info", default=None)


class AppFileStat(BaseModel):
    """How far a file is read.

    Attributes:
        file_id: The file.
        code: 0 while it is being read, 1 when it can be used; another number for a failure.
        msg: The same in words.
    """

    file_id: str
    code: int | None = None
    msg: str | None = None


AppFileStats: TypeAlias = list[AppFileStat]


class AppConversation(BaseModel):
    """A new conversation."""

    conversation_id: str


class AppRequestId(BaseModel):
    """What to run an application of the older kind by."""

    id: str


class AppContent(BaseModel):
    """What an application says.

    Attributes:
        msg: The text, or what belongs to the type.
        type: ``text``, ``image``, ``video`` or ``all_tools``.
        code: The code that ran.
        file: A link to a file.
        url: A link to a picture or a video.
        cover_url: A link to a video's cover.
    """

    msg: Any = None
    type: str | None = None
    code: str | None = None
    file: str | None = None
    url: str | None = None
    cover_url: str | None = Field(alias="coverUrl", default=None)


class AppEvent(BaseModel):
    """A step of the application, with ``send_log_event``."""

    node_id: str | None = None
    node_name: str | None = None
    type: str | None = None
    content: Any = None
    time: int | None = None
    tool_calls: dict[str, Any] | None = None


class AppDelta(BaseModel):
    """A bit of what an application says."""

    content: AppContent | None = None
    event: AppEvent | None = None


class AppSaid(BaseModel):
    """The whole of what an application says."""

    content: AppContent | None = None
    event: list[AppEvent] | None = None


class AppChoice(BaseModel):
    """An answer or a bit of one: ``messages`` of a whole one, ``delta`` of a stream's event."""

    index: int | None = None
    finish_reason: str | None = None
    messages: AppSaid | None = None
    delta: AppDelta | None = None


class AppUsage(BaseModel):
    """The tokens of one node; the specification and the pages spell the fields differently, both are read."""

    model_config = ConfigDict(populate_by_name=True)

    model: str | None = None
    node_name: str | None = Field(alias="nodeName", default=None)
    input_token_count: int | None = Field(alias="inputTokenCount", default=None)
    output_token_count: int | None = Field(alias="outputTokenCount", default=None)
    total_token_count: int | None = Field(alias="totalTokenCount", default=None)


class AppResponse(BaseModel):
    """An application's answer, or an event of its stream.

    Attributes:
        choices: What it says.
        request_id: The request's id.
        conversation_id: What to go on with the conversation by.
        app_id: The application.
        usage: The tokens of each node.
    """

    choices: list[AppChoice] | None = None
    request_id: str | None = None
    conversation_id: str | None = None
    app_id: str | None = None
    usage: list[AppUsage] | None = None

    @property
    def text(self) -> str:
        """What it says, as far as that is text."""
        said = [choice.delta or choice.messages for choice in self.choices or []]
        contents = [one.content.msg for one in said if one is not None and one.content is not None]
        return "".join(one for one in contents if isinstance(one, str))


class AppOldEvent(BaseModel):
    """An event of an application of the older kind.

    Attributes:
        msg: A bit of the answer.
        extra_input: What the application does.
    """

    msg: Any = None
    extra_input: dict[str, Any] | None = None


class AppQuestions(BaseModel):
    """Questions that may be asked next."""

    problems: list[str]


class AppSlices(BaseModel):
    """Where an answer's quotations stand in the documents.

    Attributes:
        document_slices: For each document, the pieces with their places, as the specification has it.
        has_old_document: Whether there are documents without places.
    """

    document_slices: list[dict[str, Any]]
    has_old_document: bool | None = None
