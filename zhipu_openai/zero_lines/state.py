"""Whether openai's clients are served by Zhipu at the moment, and with which options."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .touched import put_in_place, take_back

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

_lock = threading.RLock()


class Installation:
    """What ``install()`` gives: undone by ``uninstall()``, or at the end of a ``with`` block."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Keep the options; those that are None are left to the environment and ``.env``."""
        self.options = {name: value for name, value in options.items() if value is not None}
        self.before: Installation | None = None

    def __repr__(self) -> str:
        """Show the options."""
        return f"<zhipu_openai.install({', '.join(f'{name}={value!r}' for name, value in self.options.items())})>"

    def put_in_effect(self) -> None:
        """Be the installation in effect until ``uninstall()``."""
        global _standing
        with _lock:
            if _standing is not None:
                _standing.before = None  # so that one after another does not keep all of them
            self.before, _standing = _standing, self
            _settle()

    def __enter__(self) -> Self:
        """Be in effect for the block alone; what stood before stands again after it."""
        global _standing  # noqa: PLW0603 - see above
        with _lock:
            if _standing is self:
                _standing = self.before
            self.before = None
            _blocks.append(self)
            _settle()
        return self

    def __exit__(self, *_: object) -> None:
        """End the block."""
        with _lock:
            if self in _blocks:
                _blocks.remove(self)
            _settle()


_standing: Installation | None = None
_blocks: list[Installation] = []
_current: Installation | None = None


def in_effect() -> Installation | None:
    """Give the installation that new clients are made by; None where openai is as it was."""
    return _current


def end_all() -> None:
    """Have no installation in effect, and openai as it was."""
    global _standing  # noqa: PLW0603 - see above
    with _lock:
        _standing = None
        _blocks.clear()
        _settle()


def _settle() -> None:
    global _current  # noqa: PLW0603 - see above
    _current = _blocks[-1] if _blocks else _standing
    if _current is not None:
        put_in_place()
    else:
        take_back()
