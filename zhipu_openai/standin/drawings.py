"""Pictures and videos of the stand-in's own: real files, drawn from nothing, that say where they come from."""

from __future__ import annotations

import struct
import zlib
from typing import Final

NOTICE: Final = b"Made by the zhipu-openai stand-in, not by a model."

_TILE: Final = 32
"""Side of a tile of the chequered pattern, in pixels; a multiple of 16."""


def png(width: int, height: int, seed: str) -> bytes:
    """Draw a chequered picture in two colours.

    Args:
        width: In pixels, 1 or more.
        height: In pixels, 1 or more.
        seed: The same seed gives the same colours.
    """
    shade = zlib.crc32(seed.encode()).to_bytes(4, "big")[1:]
    palette = shade + bytes(255 - value for value in shade)
    eighths = _TILE // 8
    dark = (b"\x00" * eighths + b"\xff" * eighths) * (width // (2 * _TILE) + 1)
    light = (b"\xff" * eighths + b"\x00" * eighths) * (width // (2 * _TILE) + 1)
    length = (width + 7) // 8
    rows = b"".join(b"\x00" + (light if row // _TILE % 2 else dark)[:length] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)
    pieces = (
        (b"IHDR", header),
        (b"PLTE", palette),
        (b"tEXt", b"Comment\x00" + NOTICE),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in pieces)


def mp4(seed: str) -> bytes:
    """Make a file that is an MP4 by its form and shows nothing: it has no track."""
    return b"".join(
        _box(kind, data)
        for kind, data in (
            (b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41"),
            (b"free", NOTICE + b" " + seed.encode()),
            (b"mdat", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data
