from openai.types.chat import chat_completion_message as _openai
from openai.types.chat.chat_completion_message import Annotation as Annotation
from openai.types.chat.chat_completion_message import AnnotationURLCitation as AnnotationURLCitation
from openai.types.chat.chat_completion_message import FunctionCall as FunctionCall

class ChatCompletionMessage(_openai.ChatCompletionMessage):
    # What the model thought before it answered; None when it did not think.
    reasoning_content: str | None = None
