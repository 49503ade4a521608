from functools import cached_property

from openai.resources import beta as _openai

from zhipu_openai.resources.chat import AsyncChat, Chat

class Beta(_openai.Beta):
    @cached_property
    def chat(self) -> Chat: ...

class AsyncBeta(_openai.AsyncBeta):
    @cached_property
    def chat(self) -> AsyncChat: ...
