"""Files as callers give them: their kind by their name, and as data URLs."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from openai._types import FileTypes

_SIGNATURES: Final = (
    (b"%PDF", "application/pdf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
"""How files of the kinds that GLM-OCR reads begin."""


def data_url(file: str | bytes | os.PathLike[str]) -> str:
    """Give a file as text: an address or data URL as it is, a path or bytes as a data URL.

    Raises:
        OSError: The file of a path cannot be read.
    """
    if isinstance(file, str):
        return file
    content = file if isinstance(file, bytes) else Path(file).read_bytes()
    kind = next((kind for sign, kind in _SIGNATURES if content.startswith(sign)), "application/octet-stream")
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def extension_of(file: FileTypes) -> str | None:
    """Give what a file's name ends in, in capitals as Zhipu writes it; None for a file without a name."""
    name: Any = file
    if isinstance(file, tuple):
        name = file[0]
    elif not isinstance(file, (str, bytes, os.PathLike)):
        name = getattr(file, "name", None)
    if not isinstance(name, (str, os.PathLike)):
        return None
    return Path(name).suffix.removeprefix(".").upper() or None
