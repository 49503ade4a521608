"""Bodies that were packed with gzip or deflate, unpacked while they are read, and known to be whole.

The HTTP libraries take a packed body that breaks off for one that has ended: what they give is short, and
nobody is told. The packed form itself says where it ends.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_GZIP: Final = 31
_ZLIB: Final = 15
_RAW: Final = -15
_FORMATS: Final = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": _ZLIB}


def unpacker_for(encoding: str, broken: Callable[[str], Exception]) -> Unpacker | None:
    """Give an unpacker for a content encoding; None for one that is not known here.

    Args:
        encoding: The value of the header ``content-encoding``.
        broken: Makes the exception for a body that is damaged or not whole, of what is wrong with it.
    """
    form = _FORMATS.get(encoding.strip().lower())
    return None if form is None else Unpacker(form, broken)


class Unpacker:
    """Unpacks one body."""

    def __init__(self, form: int, broken: Callable[[str], Exception]) -> None:
        """Begin; ``form`` is zlib's number for the format."""
        self._form = form
        self._broken = broken
        self._machine = zlib.decompressobj(form)
        self._begun = False
        self._undecided: bytes | None = b""

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; give what they hold."""
        out = []
        while data:
            if self._machine.eof:
                if self._form != _GZIP or not data.startswith(b"\x1f"):
                    break  # padding behind the end
                self._machine = zlib.decompressobj(self._form)  # gzip may have several parts
            out.append(self._unpack(data))
            self._begun = True
            data = self._machine.unused_data
        return b"".join(out)

    def _unpack(self, data: bytes) -> bytes:
        if self._form == _ZLIB and self._undecided is not None:
            self._undecided += data
        try:
            out = self._machine.decompress(data)
        except zlib.error as error:
            if self._form != _ZLIB or self._undecided is None:
                raise self._broken(f"The body is damaged: {error}") from error
        else:
            if out:
                self._undecided = None
            return out
        # Some servers send deflate bare, without the header that belongs to it.
        self._form, self._machine = _RAW, zlib.decompressobj(_RAW)
        return self._unpack(self._undecided)

    def end(self) -> bytes:
        """Take the end of the body.

        Raises:
            Exception: What is packed has not come to its end.
        """
        if self._begun and not self._machine.eof:
            raise self._broken("The body broke off: what is packed in it has no end")
        return b""
