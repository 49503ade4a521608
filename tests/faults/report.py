"""The results of the matrix as a page."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD = """# Faults, and what becomes of them

Written by `python tests/faults/matrix.py --write`. The table that it checks against is `cases.py`; the ways of
leaving early are in `exits.py`.

**{totals}**

*Lost*: a stream that ended short without an exception, or handed over something else than what came; a whole
answer that was not whole. *Hung*: no end within the time. *Leaked*: a task, thread, socket, descriptor, place
under `max_concurrency`, or a warning of one, was left.

| HTTP library | cases | requests | deviations |
|---|---|---|---|"""

_ABOUT = """Every case is run by a client that retries once and may have one request under way, and is followed by a
request that must go well. A fault that is retried is shown twice: for good, and once, with a good answer behind
it. “2 pieces, then …” says what of a stream was handed over before the exception. What HTTP itself cannot tell is
not here: a file whose reply names no length, or names a shorter one, has ended where the service says that it
ends."""

_BAD = ("lost", "hung", "leaked", "other")


def deviations(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Describe what deviates, a line for each case."""
    lines = []
    for row in rows:
        wrong = [f"{kind}: {what}" for kind in _BAD for what in row[kind]]
        if wrong:
            case = " | ".join(
                str(row[name])
                for name in ("group", "fault", "operation", "side", "mode", "seen")
                if row[name]
            )
            lines.append(f"{case} | {'; '.join(wrong)}")
    return lines


def totals(rows: list[dict[str, Any]]) -> str:
    """Count the cases and what went wrong in them."""
    counts = {kind: sum(bool(row[kind]) for row in rows) for kind in _BAD}
    requests = sum(row["requests"] for row in rows)
    return (
        f"cases = {len(rows)}, requests = {requests}, lost = {counts['lost']}, hung = {counts['hung']}, "
        f"leaked = {counts['leaked']}, other deviations = {counts['other']}"
    )


def render(rows: list[dict[str, Any]], environments: list[str]) -> str:
    """Write the page."""
    sides = sorted({row["side"] for row in rows})
    lines = [_HEAD.format(totals=totals(rows))]
    for side in sides:
        own = [row for row in rows if row["side"] == side]
        lines.append(
            f"| {side} | {len(own)} | {sum(row['requests'] for row in own)} | {len(deviations(own))} |"
        )
    lines += ["", "Versions: " + "; ".join(environments) + ".", ""]
    lines += [_ABOUT, ""]
    groups: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[row["group"]][row["fault"]].append(row)
    for group, faults in groups.items():
        lines += [
            f"## {group[0].upper()}{group[1:]}",
            "",
            "| fault | outcome | cases | requests |",
            "|---|---|---|---|",
        ]
        for fault, found in faults.items():
            cells = (
                _cell(fault),
                _outcomes(found),
                str(len(found)),
                str(sum(row["requests"] for row in found)),
            )
            lines.append("| " + " | ".join(cells) + " |")
        lines.append("")
    wrong = [row for row in rows if any(row[kind] for kind in _BAD)]
    if wrong:
        lines += [
            "## Deviations",
            "",
            *(f"- {row['group']}: {row['fault']} {row['operation']} ({row['side']})" for row in wrong),
            "",
        ]
    return "\n".join(lines)


def _outcomes(rows: list[dict[str, Any]]) -> str:
    """Say what came, of which operations; libraries and sides are told apart only where they differ."""
    by_outcome: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    everywhere: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["mode"] == "once":
            continue
        said = row["seen"]
        if row.get("delivered"):
            said = f"{row['delivered']} pieces, then {said}"
        if row["operation"]:
            said += f", {row['requests']} request{'' if row['requests'] == 1 else 's'}"
        by_outcome[said][row["operation"]].add(row["side"])
        everywhere[row["operation"]].add(row["side"])
    told = []
    for said, operations in by_outcome.items():
        if len(by_outcome) == 1:
            return _cell(said)
        names = [
            name if sides == everywhere[name] else f"{name} ({', '.join(sorted(sides))})"
            for name, sides in operations.items()
        ]
        told.append(f"{', '.join(names)}: {said}")
    return _cell("; ".join(told))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
