"""A plain count of tokens: enough to honour limits and to fill in usage, not Zhipu's tokenizer."""

from __future__ import annotations

import re
from typing import Final

# A token is a run of letters and digits or any single other character, with the white space before it.
# Chinese, Japanese and Korean characters count one by one.
_CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN: Final = re.compile(rf"\s*(?:[^\W_{_CJK}]+|[^\s])|\s+", re.UNICODE)
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


def tokens(text: str) -> list[str]:
    """Split text into tokens; joined they are the text again."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """Count the tokens of a text."""
    return len(tokens(text))


def is_chinese(text: str) -> bool:
    """Say whether a text contains a Chinese character."""
    return _CHINESE.search(text) is not None
