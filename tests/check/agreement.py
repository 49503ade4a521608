"""Whether what was said of a program beforehand is what the transport recorded when it ran."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recorder import Recorded

    from zhipu_openai.check.findings import Call

Row = tuple[int, str, str, str]
"""Line of the call, route, field, kind."""

RECORDED = frozenset({"translated", "repaired", "approximated", "emulated", "dropped", "refused"})
"""Kinds that the transport records, or answers with."""


@dataclass
class Agreement:
    """The rows of one program, or of several.

    Attributes:
        predicted: What was said for certain of calls that did run.
        unsure: What was said of them and depends on something that reading does not tell.
        recorded: What the transport recorded.
        unknown: Calls that ran of which it was said that something about them is not known.
        elsewhere: Whether it was said that the program sends to another place.
    """

    predicted: set[Row] = field(default_factory=set)
    unsure: set[Row] = field(default_factory=set)
    recorded: set[Row] = field(default_factory=set)
    unknown: set[tuple[int, str]] = field(default_factory=set)
    elsewhere: bool = False

    @property
    def both(self) -> set[Row]:
        """What was said and recorded."""
        return self.predicted & self.recorded

    @property
    def missed(self) -> set[Row]:
        """What was recorded and not said."""
        return self.recorded - self.predicted - self.unsure

    @property
    def too_much(self) -> set[Row]:
        """What was said for certain and not recorded."""
        return self.predicted - self.recorded


def compare(calls: Iterable[Call], recorded: Iterable[Recorded]) -> Agreement:
    """Compare what was said of the calls of a program with what was recorded when they ran."""
    found = Agreement()
    calls = list(calls)
    found.elsewhere = any(finding.kind == "elsewhere" for call in calls for finding in call.findings)
    sites = [call for call in calls if call.route is not None]
    for one in recorded:
        here = [call for call in sites if call.line <= one.line <= call.end_line and call.route == one.route]
        line = here[0].line if here else one.line
        rows = [(line, one.route, name, kind) for name, kind in one.adaptations]
        if one.refused is not None:
            rows.append((line, one.route, one.refused, "refused"))
        found.recorded.update(rows)
        for call in here:
            for finding in call.findings:
                if finding.kind in RECORDED:
                    row = (call.line, one.route, finding.field, finding.kind)
                    if one.refused is not None and finding.kind != "refused" and row not in rows:
                        continue  # what would have come behind the refusal
                    sure = finding.certain or finding.depends_on == "receiver"
                    (found.predicted if sure else found.unsure).add(row)
                elif finding.kind == "unknown":
                    found.unknown.add((call.line, one.route))
    return found
