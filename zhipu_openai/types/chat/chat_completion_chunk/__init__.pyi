from openai.types.chat import chat_completion_chunk as _openai
from openai.types.chat.chat_completion_chunk import ChoiceDeltaAudio as ChoiceDeltaAudio
from openai.types.chat.chat_completion_chunk import ChoiceDeltaFunctionCall as ChoiceDeltaFunctionCall
from openai.types.chat.chat_completion_chunk import ChoiceDeltaToolCall as ChoiceDeltaToolCall
from openai.types.chat.chat_completion_chunk import ChoiceDeltaToolCallFunction as ChoiceDeltaToolCallFunction
from openai.types.chat.chat_completion_chunk import ChoiceLogprobs as ChoiceLogprobs
from openai.types.chat.chat_completion_chunk import Moderation as Moderation
from openai.types.chat.chat_completion_chunk import ModerationInput as ModerationInput
from openai.types.chat.chat_completion_chunk import ModerationInputError as ModerationInputError
from openai.types.chat.chat_completion_chunk import (
    ModerationInputModerationResults as ModerationInputModerationResults,
)
from openai.types.chat.chat_completion_chunk import (
    ModerationInputModerationResultsResult as ModerationInputModerationResultsResult,
)
from openai.types.chat.chat_completion_chunk import ModerationOutput as ModerationOutput
from openai.types.chat.chat_completion_chunk import ModerationOutputError as ModerationOutputError
from openai.types.chat.chat_completion_chunk import (
    ModerationOutputModerationResults as ModerationOutputModerationResults,
)
from openai.types.chat.chat_completion_chunk import (
    ModerationOutputModerationResultsResult as ModerationOutputModerationResultsResult,
)

class ChoiceDelta(_openai.ChoiceDelta):
    # The next piece of what the model thinks; None in the chunks that bring something else.
    reasoning_content: str | None = None

class Choice(_openai.Choice):
    delta: ChoiceDelta

class ChatCompletionChunk(_openai.ChatCompletionChunk):
    choices: list[Choice]  # type: ignore[assignment]  # as openai does in its parsed types: list is invariant
