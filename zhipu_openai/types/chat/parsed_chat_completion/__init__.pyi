from typing import Generic, TypeVar

from openai.types.chat import parsed_chat_completion as _openai

from zhipu_openai.types.chat.chat_completion import ChatCompletion, Choice
from zhipu_openai.types.chat.chat_completion_message import ChatCompletionMessage

_ContentType = TypeVar("_ContentType")

class ParsedChatCompletionMessage(
    _openai.ParsedChatCompletionMessage[_ContentType], ChatCompletionMessage, Generic[_ContentType]
): ...

class ParsedChoice(_openai.ParsedChoice[_ContentType], Choice, Generic[_ContentType]):
    message: ParsedChatCompletionMessage[_ContentType]

class ParsedChatCompletion(_openai.ParsedChatCompletion[_ContentType], ChatCompletion, Generic[_ContentType]):
    choices: list[ParsedChoice[_ContentType]]  # type: ignore[assignment]  # as openai does: list is invariant
