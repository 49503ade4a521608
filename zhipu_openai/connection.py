"""Zhipu's open responses, whose bodies are read while they are passed on."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .adaptation import Refused
from .breakage import breaking_in_body, in_openais_words, in_the_librarys_words, status_error
from .decoding import decode_pieces, decode_pieces_async
from .drain import cut, drain, drain_async

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator

    from .breakage import Exceptions
    from .exchange import BodyDecoder
    from .library import Library
    from .limits import Place


class _Opened:
    """What both kinds of connection keep."""

    def __init__(self, response: Any, headers: dict[str, str], place: Place) -> None:
        """Keep the response, its headers (names in lower case), and its place under the limit."""
        self.response = response
        self.headers = headers
        self.status: int = response.status_code
        self.http_version: bytes = response.extensions.get("http_version", b"HTTP/1.1")
        self.place = place
        self._passed: tuple[Any, Any, bool] | None = None

    def pass_to(self, request: Any, library: Library, *, caller_reads: bool) -> None:
        """Say for whom the body is read.

        openai tries again when a body breaks that it reads itself, which it knows by the HTTP library's exceptions;
        a caller who reads it is given openai's.

        Args:
            request: OpenAI's request.
            library: The HTTP library.
            caller_reads: Whether the caller reads the body, rather than openai.
        """
        self._passed = (request, library.module, caller_reads)

    def _breaking(self) -> Exceptions:
        return () if self._passed is None else (Refused, *breaking_in_body(self._passed[1]))

    def _told(self, error: Exception) -> Exception:
        """Give the exception to raise for one that ended the reading."""
        if self._passed is None:
            return error
        request, module, caller_reads = self._passed
        if isinstance(error, Refused):
            return status_error(error.answer, request, module)
        if caller_reads:
            return in_openais_words(error, request, module)
        return in_the_librarys_words(error, request, module)


class Connection(_Opened):
    """An open response of Zhipu's, of whose body the ``head`` may have been read already."""

    def __init__(
        self, response: Any, headers: dict[str, str], place: Place, source: Iterator[bytes], head: bytes = b""
    ) -> None:
        """Keep the response and the iterator over the rest of its body."""
        super().__init__(response, headers, place)
        self.source = source
        self._head = head

    def __iter__(self) -> Iterator[bytes]:
        """Yield the decoded bytes as they come."""
        if self._head:
            yield self._head
            self._head = b""
        try:
            yield from self.source
        except self._breaking() as error:
            told = self._told(error)
            if told is error:
                raise
            raise told from error

    def decode(self, decoder: BodyDecoder) -> None:
        """Have the body changed by a decoder while it is read."""
        self._head, self.source = b"", decode_pieces(self._head, self.source, decoder)

    def drain(self) -> None:
        """Read what is left after the last event, briefly."""
        drain(self.response, self.source)

    def cut(self) -> None:
        """Wake the thread that reads: nobody waits for the rest."""
        cut(self.response)

    def close(self) -> None:
        """Close the response and give back its place under the limit."""
        try:
            self.response.close()
        finally:
            self.place.give_back()


class AsyncConnection(_Opened):
    """The async twin."""

    def __init__(
        self,
        response: Any,
        headers: dict[str, str],
        place: Place,
        source: AsyncGenerator[bytes],
        head: bytes = b"",
    ) -> None:
        """Keep the response and the iterator over the rest of its body."""
        super().__init__(response, headers, place)
        self.source = source
        self._head = head

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the decoded bytes as they come."""
        if self._head:
            yield self._head
            self._head = b""
        try:
            async for data in self.source:
                yield data
        except self._breaking() as error:
            told = self._told(error)
            if told is error:
                raise
            raise told from error

    def decode(self, decoder: BodyDecoder) -> None:
        """Have the body changed by a decoder while it is read."""
        self._head, self.source = b"", decode_pieces_async(self._head, self.source, decoder)

    async def drain(self) -> None:
        """Read what is left after the last event, briefly."""
        await drain_async(self.response, self.source)

    async def aclose(self) -> None:
        """Close the response and give back its place under the limit."""
        try:
            await self.response.aclose()
        finally:
            self.place.give_back()
            # Else the event loop would have to end the generators, in whichever order; one that runs ends by itself.
            with suppress(RuntimeError):
                await self.source.aclose()
