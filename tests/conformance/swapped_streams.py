"""A pytest plugin: every client of openai's reads streams and builds answers as ours does, without translation."""

from __future__ import annotations

from typing import Any

import openai

from zhipu_openai.building import builder_of
from zhipu_openai.stream import fast, usable


def _swap(cls: Any) -> None:
    process_response, process_data = cls._process_response, cls._process_response_data

    def _process_response(self: Any, *, stream_cls: Any = None, **given: Any) -> Any:
        return process_response(self, stream_cls=stream_cls and fast(stream_cls), **given)

    def _process_response_data(self: Any, *, data: Any, cast_to: Any, response: Any) -> Any:
        if isinstance(data, dict) and not self._strict_response_validation:
            builder = builder_of(cast_to)
            made = None if builder is None else builder.from_python(data)
            if made is not None:
                return made
        return process_data(self, data=data, cast_to=cast_to, response=response)

    cls._process_response = _process_response
    cls._process_response_data = _process_response_data


assert usable(), "the installed openai's streams are not known"
_swap(openai.OpenAI)
_swap(openai.AsyncOpenAI)
