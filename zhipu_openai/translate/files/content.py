"""The content of a file: results of a batch in OpenAI's words, anything else byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from zhipu_openai.exchange import Passage, Send
from zhipu_openai.translate.batches.result_file import ResultDecoder

from . import local

if TYPE_CHECKING:
    from zhipu_openai.exchange import Call, Operation


def content(call: Call) -> Operation:
    """Serve ``GET /files/{id}/content``; Zhipu serves the content of batch files alone."""
    yield from ()
    file_id = unquote(call.path.split("/")[2])
    if local.is_local(file_id):
        return local.content(call.memory, file_id)
    return Passage(Send("GET", call.path), decoder=ResultDecoder(call.options.base_url))
