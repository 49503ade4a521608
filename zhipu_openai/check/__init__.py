"""Reads code that uses OpenAI's API, and says what becomes of it on Zhipu. The code is neither run nor imported."""

from __future__ import annotations
