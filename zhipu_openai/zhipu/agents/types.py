"""Answers of ``client.zhipu.agents``."""

from __future__ import annotations

from typing import Any

from openai import BaseModel


class AgentContent(BaseModel):
    """A part of what an agent says.

    Attributes:
        type: ``text``, ``image_url``, ``file_url``, ``audio_url``, ``video_url`` or ``object``.
        text: The text.
        image_url: A link to a picture.
        file_url: A link to a file.
        audio_url: A link to a sound.
        video_url: A link to a video; vidu's are valid for 24 hours.
        object: What a tool was given, or gave.
        tag_cn: What the part is called, in Chinese.
        tag_en: What the part is called, in English.
    """

    type: str | None = None
    text: str | None = None
    image_url: str | None = None
    file_url: str | None = None
    audio_url: str | None = None
    video_url: str | None = None
    object: dict[str, Any] | None = None
    tag_cn: str | None = None
    tag_en: str | None = None


class AgentMessage(BaseModel):
    """What an agent says.

    Attributes:
        role: ``assistant``.
        content: A text, a part, or several parts: which of them depends on the agent; see ``parts``.
        phase: What the agent is doing, where it says so.
    """

    role: str | None = None
    content: str | AgentContent | list[AgentContent] | None = None
    phase: str | None = None

    @property
    def parts(self) -> list[AgentContent]:
        """The content as a list of parts, in whichever form it came."""
        if isinstance(self.content, str):
            return [AgentContent(type="text", text=self.content)]
        if isinstance(self.content, AgentContent):
            return [self.content]
        return self.content or []

    @property
    def text(self) -> str:
        """The text of all parts."""
        return "".join(part.text or "" for part in self.parts)


class AgentChoice(BaseModel):
    """One answer of an agent, or a piece of one.

    Attributes:
        messages: What it says.
        index: Its place; with slides it counts the steps.
        finish_reason: ``stop``, ``length``, ``sensitive`` or ``network_error``, at the end.
    """

    messages: list[AgentMessage] | None = None
    index: int | None = None
    finish_reason: str | None = None


class AgentUsage(BaseModel):
    """Tokens that are billed, and how often tools were called."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    total_calls: int | None = None


class AgentResponse(BaseModel):
    """An agent's answer, or an event of its stream.

    Attributes:
        agent_id: The agent.
        id: The request's id.
        choices: What it says; absent while the work goes on.
        status: ``success`` or ``pending``; a failure is raised as an error.
        async_id: What to ask for the answer by, if it comes later; see ``async_result`` and ``wait``.
        conversation_id: What to go on with the conversation by.
        usage: What it cost.
    """

    agent_id: str | None = None
    id: str | None = None
    choices: list[AgentChoice] | None = None
    status: str | None = None
    async_id: str | None = None
    conversation_id: str | None = None
    usage: AgentUsage | None = None

    @property
    def parts(self) -> list[AgentContent]:
        """All parts of all messages."""
        messages = (one for choice in self.choices or [] for one in choice.messages or [])
        return [part for message in messages for part in message.parts]

    @property
    def text(self) -> str:
        """All text."""
        return "".join(part.text or "" for part in self.parts)


class ConversationChoice(BaseModel):
    """What a conversation holds; Zhipu says ``message`` here, not ``messages``."""

    message: list[AgentMessage] | None = None


class AgentConversation(BaseModel):
    """A conversation with an agent, above all the files that it made."""

    agent_id: str | None = None
    conversation_id: str | None = None
    choices: list[ConversationChoice] | None = None

    @property
    def parts(self) -> list[AgentContent]:
        """All parts of all messages, files and pictures among them."""
        messages = (one for choice in self.choices or [] for one in choice.message or [])
        return [part for message in messages for part in message.parts]
