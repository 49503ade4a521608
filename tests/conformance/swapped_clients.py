"""A pytest plugin: the names of openai's clients are ours, before any test has imported them."""

from __future__ import annotations

from typing import Any

import openai

import zhipu_openai

NAMES = {"OpenAI": "OpenAI", "Client": "OpenAI", "AsyncOpenAI": "AsyncOpenAI", "AsyncClient": "AsyncOpenAI"}

for _name, _ours in NAMES.items():
    _cls: Any = getattr(zhipu_openai, _ours)
    setattr(openai, _name, _cls)
