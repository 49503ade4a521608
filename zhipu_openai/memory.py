"""What a client remembers from call to call: bounded, for this process alone, shared by a client's copies."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final

from .forks import lock

MOST_ENTRIES: Final = 1000
MOST_BYTES: Final = 64 * 1024 * 1024


class Memory:
    """Things kept by shelf and key. When there are too many, those go first that were used longest ago."""

    def __init__(self, *, entries: int = MOST_ENTRIES, size: int = MOST_BYTES) -> None:
        """Begin empty.

        Args:
            entries: Most things kept, 1 or more.
            size: Most bytes kept, by the sizes that ``keep`` is told.
        """
        self._entries = entries
        self._size = size
        self._held: OrderedDict[tuple[str, str], tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._lock = lock()

    def __repr__(self) -> str:
        """Show how much is kept, and nothing of it."""
        return f"Memory({len(self._held)} entries)"

    def keep(self, shelf: str, key: str, value: Any, *, size: int = 0) -> None:
        """Keep a thing; it must not be changed afterwards.

        Args:
            shelf: What kind of thing it is.
            key: Its name on the shelf; what had it before is forgotten.
            value: The thing.
            size: Roughly how many bytes it holds.
        """
        with self._lock:
            self._drop((shelf, key))
            self._held[shelf, key] = value, size
            self._bytes += size
            while len(self._held) > self._entries or (self._bytes > self._size and len(self._held) > 1):
                self._drop(next(iter(self._held)))

    def recall(self, shelf: str, key: str) -> Any:
        """Give a thing that is kept, None for one that is not, or not any more."""
        with self._lock:
            found = self._held.get((shelf, key))
            if found is None:
                return None
            self._held.move_to_end((shelf, key))
            return found[0]

    def shelf(self, name: str) -> list[Any]:
        """Give what is kept on a shelf; that does not count as use."""
        with self._lock:
            return [value for (shelf, _), (value, _) in self._held.items() if shelf == name]

    def forget(self, shelf: str, key: str) -> bool:
        """Forget a thing; say whether it was there."""
        with self._lock:
            return self._drop((shelf, key))

    def _drop(self, place: tuple[str, str]) -> bool:
        found = self._held.pop(place, None)
        if found is None:
            return False
        self._bytes -= found[1]
        return True
