from openai.resources import beta as _openai

from zhipu_openai.resources.chat import AsyncChat, Chat

class Beta(_openai.Beta):
    @property
    def chat(self) -> Chat: ...

class AsyncBeta(_openai.AsyncBeta):
    @property
    def chat(self) -> AsyncChat: ...
