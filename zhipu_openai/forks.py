"""What a forked process must not take over: the sockets of its parent, places under a limit, locks that are held.

A socket that two processes use gives each the other's answers. A place or a lock that a thread of the parent
held is never given back in the child, where that thread does not exist.
"""

from __future__ import annotations

import os
import threading
from typing import Any, Protocol
from weakref import WeakSet


class Inherited(Protocol):
    """Something that a forked process must begin anew."""

    def begin_anew(self) -> None:
        """Forget what belongs to the parent. Runs in the child, before anything else, and must be quick."""


_inherited: WeakSet[Any] = WeakSet()
_locks: WeakSet[Any] = WeakSet()


def begins_anew(thing: Inherited) -> None:
    """Have a thing told when it finds itself in a forked process."""
    _inherited.add(thing)


def lock() -> threading.Lock:
    """Make a lock that is free in a forked process, whoever held it."""
    made = threading.Lock()
    _locks.add(made)
    return made


def _in_child() -> None:
    for one in _locks:
        # The standard library frees its own locks so; there is no public way.
        one._at_fork_reinit()  # noqa: SLF001 - see above
    for thing in _inherited:
        thing.begin_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
