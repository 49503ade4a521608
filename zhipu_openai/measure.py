"""How long a body may be that is read from a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .adaptation import Refused
from .errors import refusal
from .exchange import TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .errors import ErrorAnswer

_MEGABYTE: Final = 1024 * 1024


class Measure:
    """Counts the bytes of a body while it is read."""

    def __init__(self, most: int, headers: Mapping[str, str]) -> None:
        """Begin.

        Args:
            most: Bytes that the body may have, unpacked.
            headers: The reply's, with names in lower case.

        Raises:
            Refused: The reply says that it has more.
        """
        self._most = self._left = most
        length = headers.get("content-length", "")
        if length.isascii() and length.isdigit() and len(length) < 20:  # noqa: PLR2004 - no body is that long
            self._count(int(length))
            self._left = most

    def feed(self, data: bytes) -> bytes:
        """Count bytes and pass them on.

        Raises:
            Refused: There are too many.
        """
        self._count(len(data))
        return data

    def end(self) -> bytes:
        """Hold nothing back."""
        return b""

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise Refused(too_large(self._most))


def too_large(most: int) -> ErrorAnswer:
    """Make the error for a link that leads to more than is read."""
    return refusal(
        f"What Zhipu's link leads to is larger than the {most / _MEGABYTE:g} MB that are read. Ask for the link "
        "itself, where the operation has it (images: response_format='url'; videos: video_result of the job), "
        "and load it to a file.",
        param=None,
        code=TOO_LARGE,
        status=502,
        type="server_error",
    )
