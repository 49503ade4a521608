from openai.types.chat import chat_completion as _openai
from openai.types.chat.chat_completion import ChoiceLogprobs as ChoiceLogprobs
from openai.types.chat.chat_completion import Moderation as Moderation
from openai.types.chat.chat_completion import ModerationInput as ModerationInput
from openai.types.chat.chat_completion import ModerationInputError as ModerationInputError
from openai.types.chat.chat_completion import (
    ModerationInputModerationResults as ModerationInputModerationResults,
)
from openai.types.chat.chat_completion import (
    ModerationInputModerationResultsResult as ModerationInputModerationResultsResult,
)
from openai.types.chat.chat_completion import ModerationOutput as ModerationOutput
from openai.types.chat.chat_completion import ModerationOutputError as ModerationOutputError
from openai.types.chat.chat_completion import (
    ModerationOutputModerationResults as ModerationOutputModerationResults,
)
from openai.types.chat.chat_completion import (
    ModerationOutputModerationResultsResult as ModerationOutputModerationResultsResult,
)

from zhipu_openai.types.chat.chat_completion_message import ChatCompletionMessage

class Choice(_openai.Choice):
    message: ChatCompletionMessage

class ChatCompletion(_openai.ChatCompletion):
    choices: list[Choice]  # type: ignore[assignment]  # as openai does in its parsed types: list is invariant
