"""What kind of picture some bytes are."""

from __future__ import annotations

from typing import Final, Literal

Kind = Literal["png", "jpeg", "webp", "gif"]

_RIFF: Final = (b"RIFF", b"WEBP")
_SIGNATURES: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)


def kind_of(data: bytes) -> Kind | None:
    """Tell a picture by its first bytes; None for what is none, or of another kind."""
    if data[:4] == _RIFF[0] and data[8:12] == _RIFF[1]:
        return "webp"
    return next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), None)
