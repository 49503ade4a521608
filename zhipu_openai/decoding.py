"""Bodies that a decoder changes while they are read."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from .exchange import BodyDecoder


def decode_pieces(head: bytes, source: Iterator[bytes], decoder: BodyDecoder) -> Iterator[bytes]:
    """Yield what the decoder makes of a body, of which the head has been read already."""
    out = decoder.feed(head)
    if out:
        yield out
    for data in source:
        out = decoder.feed(data)
        if out:
            yield out
    out = decoder.end()
    if out:
        yield out


async def decode_pieces_async(
    head: bytes, source: AsyncGenerator[bytes], decoder: BodyDecoder
) -> AsyncGenerator[bytes]:
    """Be the async twin; closing it closes the source."""
    async with aclosing(source):
        out = decoder.feed(head)
        if out:
            yield out
        async for data in source:
            out = decoder.feed(data)
            if out:
                yield out
        out = decoder.end()
        if out:
            yield out
