from typing import Generic, TypeVar

from openai.types.chat import parsed_chat_completion as _openai

from ..chat_completion import ChatCompletion, Choice
from ..chat_completion_message import ChatCompletionMessage

ContentType = TypeVar("ContentType")

class ParsedChatCompletionMessage(
    _openai.ParsedChatCompletionMessage[ContentType], ChatCompletionMessage, Generic[ContentType]
): ...

class ParsedChoice(_openai.ParsedChoice[ContentType], Choice, Generic[ContentType]):
    message: ParsedChatCompletionMessage[ContentType]

class ParsedChatCompletion(_openai.ParsedChatCompletion[ContentType], ChatCompletion, Generic[ContentType]):
    choices: list[ParsedChoice[ContentType]]
