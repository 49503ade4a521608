"""Small machines that take marks out of an answer's text while it streams.

Each takes pieces with ``feed``, returns what can be passed on, and gives up the rest at ``end``; how the text
was cut into pieces makes no difference to the result. They hold back only what may be the beginning of a
mark. A function beside each does the same to a whole text.

Which model needs which of them is said in the model catalogue.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

THINK_OPEN: Final = "<think>"
"""Opens the reasoning at the start of ``content`` on models without ``reasoning_content``.

GLM-4.1V-Thinking and GLM-Z1 (docs.bigmodel.cn model pages, 2025-07), possibly GLM-4.5V (chat completion
schema of docs.bigmodel.cn, 2026-07-11, and of docs.z.ai, 2026-08-22).
"""

THINK_CLOSE: Final = "</think>"
"""Ends what ``THINK_OPEN`` opened; GLM-4.7 without thinking was reported to leak it alone (2026)."""

BOX_TOKENS: Final = ("<|begin_of_box|>", "<|end_of_box|>")
"""Put around the answer by the GLM-4.xV models.

Chat completion schema of docs.bigmodel.cn, 2026-07-11, and of docs.z.ai, 2026-08-22; zai-org/GLM-V#79.
"""

_BOX: Final = re.compile("|".join(map(re.escape, BOX_TOKENS)))


def _open_at(text: str, marks: Sequence[str]) -> int:
    """Return from where on text may be the beginning of a mark that is not complete; its length if nowhere.

    Only for marks that have their one ``<`` at the beginning.
    """
    last = text.rfind("<")
    rest = text[last:]
    return last if last >= 0 and any(mark.startswith(rest) and mark != rest for mark in marks) else len(text)


class ThinkSplitter:
    """Separates a ``<think>…</think>`` block at the start of the content from the answer.

    Space before the block is dropped, and so are the line breaks right after it. A block that is never
    closed is all reasoning. ``<think>`` anywhere else is text, and so is a second block.
    """

    def __init__(self, *, stray_close: bool = False) -> None:
        """Start at the beginning of a content.

        Args:
            stray_close: also drop a lone ``</think>`` at the start of the content, with the space before
                it and the line breaks after it.
        """
        self._openings = (THINK_OPEN, THINK_CLOSE) if stray_close else (THINK_OPEN,)
        self._step = self._at_start
        self._space: list[str] = []
        self._held = ""

    def feed(self, text: str) -> tuple[str, str]:
        """Take the next piece of content; return what it adds to the reasoning and to the content."""
        return self._step(text)

    def end(self) -> tuple[str, str]:
        """Return what was held back and turns out to be part of the reasoning and of the content."""
        rest = "".join(self._space) + self._held
        self._space, self._held = [], ""
        return (rest, "") if self._step == self._in_reasoning else ("", rest)

    def _at_start(self, text: str) -> tuple[str, str]:
        head = self._held + text
        if not self._held:
            head = text.lstrip()
            self._space.append(text[: len(text) - len(head)])
        for mark in self._openings:
            if head.startswith(mark):
                self._space, self._held = [], ""
                self._step = self._in_reasoning if mark == THINK_OPEN else self._after_close
                return self._step(head[len(mark) :])
        if any(mark.startswith(head) for mark in self._openings):
            self._held = head
            return "", ""
        content = "".join(self._space) + head
        self._space, self._held = [], ""
        self._step = self._in_content
        return "", content

    def _in_reasoning(self, text: str) -> tuple[str, str]:
        text = self._held + text
        close = text.find(THINK_CLOSE)
        if close < 0:
            held_from = _open_at(text, (THINK_CLOSE,))
            self._held = text[held_from:]
            return text[:held_from], ""
        self._held = ""
        self._step = self._after_close
        return text[:close], self._step(text[close + len(THINK_CLOSE) :])[1]

    def _after_close(self, text: str) -> tuple[str, str]:
        content = text.lstrip("\r\n")
        if content:
            self._step = self._in_content
        return "", content

    def _in_content(self, text: str) -> tuple[str, str]:
        return "", text


def split_think(content: str, *, stray_close: bool = False) -> tuple[str, str]:
    """Return the reasoning and the answer in a whole content; see ``ThinkSplitter``."""
    splitter = ThinkSplitter(stray_close=stray_close)
    reasoning, answer = splitter.feed(content)
    more_reasoning, more_answer = splitter.end()
    return reasoning + more_reasoning, answer + more_answer


class BoxStripper:
    """Removes ``<|begin_of_box|>`` and ``<|end_of_box|>`` wherever they are."""

    def __init__(self) -> None:
        """Start at the beginning of a text."""
        self._held = ""

    def feed(self, text: str) -> str:
        """Take the next piece and return what can be passed on."""
        text = self._held + text
        held_from = _open_at(text, BOX_TOKENS)
        self._held = text[held_from:]
        return strip_box(text[:held_from])

    def end(self) -> str:
        """Return what was held back: it was no token."""
        held, self._held = self._held, ""
        return held


def strip_box(text: str) -> str:
    """Return a whole text without box tokens; what removing one joins is not looked at again."""
    return _BOX.sub("", text)


class StopScanner:
    """Ends the text before the first occurrence of any stop string.

    The earliest occurrence counts, and of several at the same place the longest. Once there is one,
    everything further is swallowed.

    Attributes:
        hit: the stop string that was found, or None. It is set as soon as the text is cut, and may
            still grow to a longer stop string at the same place.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        """Start at the beginning of a text.

        Args:
            stops: the stop strings, as in ``stop``: a sequence, or a single string. Empty ones are
                ignored.
        """
        self.hit: str | None = None
        self._stops = [stop for stop in ([stops] if isinstance(stops, str) else stops) if stop]
        self._held = ""
        # For each stop string, from where on in the held text it may be or begin: what was looked at once
        # is not looked at again.
        self._starts = [0] * len(self._stops)

    def feed(self, text: str) -> str:
        """Take the next piece and return what can be passed on."""
        text = self._held + text
        if self.hit is not None:
            self._lengthen(text)
            return ""
        starts = [
            _next_start(stop, text, start) for stop, start in zip(self._stops, self._starts, strict=True)
        ]
        cut = min(starts, default=len(text))
        complete = [stop for stop in self._stops if text.startswith(stop, cut)]
        if complete:
            self.hit = complete[0]
            self._lengthen(text[cut:])
        else:
            self._held = text[cut:]
            self._starts = [start - cut for start in starts]
        return text[:cut]

    def end(self) -> str:
        """Return what was held back and does not belong to a stop string."""
        held, self._held = self._held, ""
        if self.hit is not None:
            return ""
        # No stop string has begun that could still be completed, so a later one may count.
        found = [(held.find(stop), -len(stop), stop) for stop in self._stops if stop in held]
        if not found:
            return held
        cut, _, self.hit = min(found)
        return held[:cut]

    def _lengthen(self, text: str) -> None:
        """Look for a longer stop string at the place of the cut, where text begins."""
        self.hit = max((stop for stop in self._stops if text.startswith(stop)), key=len, default=self.hit)
        undecided = any(len(stop) > len(text) and stop.startswith(text) for stop in self._stops)
        self._held = text if undecided else ""
        if not undecided:
            self._stops = []


def _next_start(stop: str, text: str, start: int) -> int:
    """Return the first place from start on where stop is, or may begin; the text's length if nowhere."""
    place = text.find(stop, start)
    if place >= 0:
        return place
    place = text.find(stop[0], max(start, len(text) - len(stop) + 1))
    while place >= 0 and not stop.startswith(text[place:]):
        place = text.find(stop[0], place + 1)
    return place if place >= 0 else len(text)


def cut_at_stop(text: str, stops: Sequence[str]) -> tuple[str, str | None]:
    """Return a whole text cut before the first stop string, and that string; see ``StopScanner``."""
    scanner = StopScanner(stops)
    kept = scanner.feed(text)
    kept += scanner.end()
    return kept, scanner.hit
