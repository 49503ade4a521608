"""Keywords and answers of ``client.zhipu.assistants``, and the assistants that there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from openai import BaseModel
from typing_extensions import TypedDict

from ._resource import Absent, Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class PublicAssistant:
    """One of the assistants that Zhipu offers to everybody.

    Attributes:
        assistant_id: Its id.
        name: Its name.
        what: What it does.
        source: Where it is listed.
        seen: When it was read there.
    """

    assistant_id: str
    name: str
    what: str
    source: str = "bigmodel.cn OpenAPI"
    seen: date = date(2026, 7, 11)


ASSISTANTS: Final = (
    PublicAssistant("65940acff94777010aa6b796", "ChatGLM", "Talks."),
    PublicAssistant("65a265419d72d299a9230616", "数据分析", "Analyses data and draws charts of them."),
    PublicAssistant("664dd7bd5bb3a13ba0f81668", "复杂流程图", "Draws flow charts."),
    PublicAssistant("664e0cade018d633146de0d2", "思维导图 MindMap", "Draws mind maps."),
    PublicAssistant("6654898292788e88ce9e7f4c", "提示词工程师", "Writes prompts."),
    PublicAssistant("66437ef3d920bdc5c60f338e", "AI画图", "Draws pictures."),
    PublicAssistant("659e54b1b8006379b4b2abd6", "AI搜索", "Searches the web."),
    PublicAssistant("65d2f07bb2c10188f885bd89", "PPT助手", "Makes slides."),
    PublicAssistant("663058948bb259b7e8a22730", "arXiv论文速读", "Explains papers of arXiv."),
    PublicAssistant("65a393b3619c6f13586246cd", "程序员助手Sam", "Helps with programs."),
    PublicAssistant("65b356af6924a59d52832e54", "网文写手", "Writes stories."),
    PublicAssistant("668fdd45405f2e3c9f71f832", "英语语法助手", "Checks English grammar."),
)
"""The public assistants. Others that an account has are asked for by their ids as well."""


class AssistantAttachment(TypedDict):
    """A file that was uploaded."""

    file_id: str


class _RequiredMessages(TypedDict):
    assistant_id: str
    messages: Iterable[Any]


class AssistantConversationParams(_RequiredMessages, Options, total=False):
    """The keywords of ``assistants.conversation``; see there."""

    model: str | Absent
    conversation_id: str | Absent
    attachments: Iterable[AssistantAttachment] | Absent
    metadata: Mapping[str, Any] | Absent
    extra_parameters: Mapping[str, Any] | Absent
    do_sample: bool | Absent
    request_id: str | Absent
    user_id: str | Absent


class AssistantListParams(Options, total=False):
    """The keywords of ``assistants.list``; see there."""

    assistant_id_list: Iterable[str] | Absent


class _RequiredAssistant(TypedDict):
    assistant_id: str


class AssistantConversationsParams(_RequiredAssistant, Options, total=False):
    """The keywords of ``assistants.conversations``; see there."""

    page: int | Absent
    page_size: int | Absent


class AssistantToolCall(BaseModel):
    """A call of one of the assistant's tools, or what it gave; the payload stands under the name of its type.

    Attributes:
        index: Its place.
        id: Its id.
        type: ``web_browser``, ``code_interpreter``, ``drawing_tool``, ``quotation`` and others.
        web_browser: What was looked for, and what was found.
        code_interpreter: The code that ran, and what it gave.
        drawing_tool: What was drawn.
        quotation: What the answer quotes.
    """

    index: int | None = None
    id: str | None = None
    type: str | None = None
    web_browser: dict[str, Any] | None = None
    code_interpreter: dict[str, Any] | None = None
    drawing_tool: dict[str, Any] | None = None
    quotation: dict[str, Any] | None = None


class AssistantDelta(BaseModel):
    """A bit of what the assistant says (role ``assistant``) or does (role ``tool``)."""

    role: str | None = None
    content: str | None = None
    tool_calls: list[AssistantToolCall] | None = None
    metadata: dict[str, Any] | None = None


class AssistantChoice(BaseModel):
    """A bit of an answer."""

    index: int | None = None
    delta: AssistantDelta | None = None
    finish_reason: str | None = None


class AssistantUsage(BaseModel):
    """Tokens that are billed."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None


class AssistantChunk(BaseModel):
    """An event of an assistant's stream.

    Attributes:
        id: The request's id.
        created: When it was made, in milliseconds since 1970.
        choices: What is said or done.
        status: ``in_process`` (so on the wire; the pages say in_progress) or ``completed``.
        assistant_id: The assistant.
        conversation_id: What to go on with the conversation by.
        usage: What it cost, at the end.
    """

    id: str | None = None
    created: int | None = None
    choices: list[AssistantChoice] | None = None
    status: str | None = None
    assistant_id: str | None = None
    conversation_id: str | None = None
    usage: AssistantUsage | None = None

    @property
    def text(self) -> str:
        """What is said, without what is done."""
        deltas = (choice.delta for choice in self.choices or [] if choice.delta is not None)
        return "".join(one.content or "" for one in deltas)


class Assistant(BaseModel):
    """An assistant.

    Attributes:
        assistant_id: Its id.
        name: Its name.
        avatar: A link to its picture.
        description: What it does.
        tools: What it can do.
        status: Whether it is published.
        starter_prompts: What to begin with.
        created_at: When it was made.
        updated_at: When it was last changed.
    """

    assistant_id: str
    name: str | None = None
    avatar: str | None = None
    description: str | None = None
    tools: list[str] | None = None
    status: str | None = None
    starter_prompts: list[Any] | None = None
    created_at: Any = None
    updated_at: Any = None


class AssistantList(BaseModel):
    """The assistants."""

    data: list[Assistant]
    code: int | None = None
    msg: str | None = None
    success: bool | None = None


class AssistantConversation(BaseModel):
    """A conversation that was had, and what it cost."""

    id: str
    assistant_id: str | None = None
    create_time: Any = None
    update_time: Any = None
    usage: AssistantUsage | None = None


Conversations: TypeAlias = list[AssistantConversation]


class ConversationPage(BaseModel):
    """Some of the conversations with an assistant."""

    conversation_list: Conversations
    assistant_id: str | None = None
    has_more: bool | None = None


class AssistantConversations(BaseModel):
    """The answer that holds a page of conversations."""

    data: ConversationPage
    code: int | None = None
    msg: str | None = None
    success: bool | None = None
