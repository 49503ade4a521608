"""Forms with files (multipart/form-data): read from what openai's client sends, and written again.

The grammar is RFC 7578's, as browsers and the HTTP libraries write it; a file's bytes are kept as they are.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing_extensions import Self

_PARAMETER: Final = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))')
_ESCAPED: Final = {'"': "%22", "\r": "%0D", "\n": "%0A"}


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form; with a ``filename`` it is a file."""

    name: str
    data: bytes
    filename: str | None = None
    content_type: str | None = None

    @property
    def text(self) -> str:
        """The value of a field that is no file."""
        return self.data.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form in their order; a name may come more than once."""

    parts: tuple[Part, ...] = ()

    @classmethod
    def parse(cls, content: bytes, content_type: str) -> Self:
        """Read a form.

        Raises:
            ValueError: The content is no multipart form.
        """
        boundary = _parameters(content_type).get("boundary")
        if not content_type.lower().startswith("multipart/form-data") or not boundary:
            raise ValueError("the content type is not that of a multipart form")
        line = b"--" + boundary.encode("latin-1", "replace")
        _first, *pieces = (b"\r\n" + content).split(b"\r\n" + line)
        if not pieces or not pieces[-1].startswith(b"--"):
            raise ValueError("the form has no end")
        return cls(tuple(_part(piece) for piece in pieces[:-1]))

    def encode(self) -> tuple[bytes, str]:
        """Write the form, and name its content type."""
        boundary = secrets.token_hex(16)
        line = f"--{boundary}".encode()
        pieces = []
        for part in self.parts:
            pieces += [line, b"\r\n", _head(part), b"\r\n\r\n", part.data, b"\r\n"]
        return b"".join([*pieces, line, b"--\r\n"]), f"multipart/form-data; boundary={boundary}"

    def get(self, name: str) -> str | None:
        """Give the text of the first field of this name that is no file, None if there is none."""
        return next((part.text for part in self.parts if part.name == name and part.filename is None), None)

    def all(self, *names: str) -> tuple[str, ...]:
        """Give the texts of all fields of these names; openai writes lists as ``name[]``."""
        return tuple(part.text for part in self.parts if part.name in names and part.filename is None)

    def file(self, name: str) -> Part | None:
        """Give the first file of this name."""
        return next((part for part in self.parts if part.name == name and part.filename is not None), None)

    def without(self, *names: str) -> Form:
        """Give the form without the fields of these names."""
        return Form(tuple(part for part in self.parts if part.name not in names))

    def add(self, *parts: Part) -> Form:
        """Give the form with more fields at its end."""
        return Form((*self.parts, *parts))

    def put(self, name: str, value: str) -> Form:
        """Give the form with one field of this name, holding this text."""
        return self.without(name).add(Part(name, value.encode()))


def _part(piece: bytes) -> Part:
    head, blank, data = piece.partition(b"\r\n\r\n")
    if not blank:
        raise ValueError("a field of the form has no head")
    headers = {}
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    said = _parameters(headers.get("content-disposition", ""))
    if "name" not in said:
        raise ValueError("a field of the form has no name")
    return Part(said["name"], data, said.get("filename"), headers.get("content-type"))


def _parameters(header: str) -> dict[str, str]:
    found = {}
    for name, quoted, plain in _PARAMETER.findall(header):
        text = re.sub(r'\\(["\\])', r"\1", quoted) if quoted else plain
        for char, escape in _ESCAPED.items():
            text = text.replace(escape, char)
        found[name.lower()] = text
    return found


def _head(part: Part) -> bytes:
    line = f'Content-Disposition: form-data; name="{_escape(part.name)}"'
    if part.filename is not None:
        line += f'; filename="{_escape(part.filename)}"'
    if part.content_type is not None:
        line += "\r\nContent-Type: " + part.content_type.replace("\r", "").replace("\n", "")
    return line.encode("utf-8", "replace")


def _escape(text: str) -> str:
    for char, escape in _ESCAPED.items():
        text = text.replace(char, escape)
    return text
