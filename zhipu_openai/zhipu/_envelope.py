"""The envelope in which Zhipu's application platform answers: knowledge bases, documents, applications."""

from __future__ import annotations

from typing import Generic, TypeVar

from openai import BaseModel

T = TypeVar("T")


class Done(BaseModel):
    """What is answered where there is nothing to give back.

    Attributes:
        code: 200; anything else is raised as an error.
        message: Zhipu's words.
        timestamp: When it was done, in milliseconds since 1970.
    """

    code: int
    message: str | None = None
    timestamp: int | None = None


class Envelope(BaseModel, Generic[T]):
    """An answer and what it holds.

    Attributes:
        data: What was asked for.
        code: 200; anything else is raised as an error.
        message: Zhipu's words.
        timestamp: When it was answered, in milliseconds since 1970.
    """

    data: T
    code: int | None = None
    message: str | None = None
    timestamp: int | None = None
