"""Framing of server-sent events: bytes in, whole events out.

Zhipu separates events by a blank line and ends lines with LF (recorded traffic, 2025-10 to 2026-10); CRLF
and CR, comments, other fields and data over several lines are read as the standard has them.
"""

from __future__ import annotations

import re
from typing import Final

_DATA: Final = b"data: "
_BLANK: Final = 2
"""Line ends between two events."""
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")


class Frames:
    """Cuts a stream of bytes into raw events, holding back no more than one unfinished event.

    Linear in the bytes fed, however they are cut.
    """

    def __init__(self) -> None:
        """Begin with nothing held."""
        self._held: list[bytes] = []
        self._line_ended = False
        self._after_cr = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes; give the events that they complete, without the blank line behind."""
        if (self._after_cr and data) or b"\r" in data:
            data = self._unix(data)
        if not self._held and data.endswith(b"\n\n") and data.find(b"\n\n") == len(data) - _BLANK:
            return [data[:-_BLANK]]  # one whole event, as nearly every read brings
        if b"\n\n" not in data and not (self._line_ended and data.startswith(b"\n")):
            if data:
                self._held.append(data)
                self._line_ended = data.endswith(b"\n")
            return []
        if self._held:
            self._held.append(data)
            data = b"".join(self._held)
            self._held.clear()
        *events, rest = data.split(b"\n\n")
        if rest:
            self._held.append(rest)
        self._line_ended = rest.endswith(b"\n")
        return events

    def rest(self) -> bytes:
        """Give what was left without a blank line behind it."""
        rest = b"".join(self._held)
        self._held.clear()
        self._line_ended = self._after_cr = False
        return rest

    def _unix(self, data: bytes) -> bytes:
        """Turn CRLF and CR into LF. A CR at the end is one at once, and the LF that may follow it is none."""
        if self._after_cr and data.startswith(b"\n"):
            data = data[1:]
        self._after_cr = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def event_data(event: bytes) -> bytes | None:
    """Give the data of a raw event, None if it has none (a comment, an id, a blank)."""
    if event.startswith(_DATA) and b"\n" not in event:
        return event[len(_DATA) :]
    lines = []
    for line in _LINE_END.split(event.removeprefix(b"\xef\xbb\xbf")):
        name, _, value = line.partition(b":")
        if name == b"data":
            lines.append(value.removeprefix(b" "))
    return b"\n".join(lines) if lines else None


def encode_event(data: bytes) -> bytes:
    """Make the event that carries one line of data."""
    return _DATA + data + b"\n\n"
