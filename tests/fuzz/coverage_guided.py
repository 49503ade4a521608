"""The same properties driven by coverage, through atheris: ``python tests/fuzz/coverage_guided.py answers -max_total_time=60``.

atheris is in no extra: it wants a Python of its own (``pip install atheris``) in which this package is installed
with its development tools. What it finds is reported by hypothesis as it is, not made small.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TARGETS = {
    "answers": ("test_fuzz_answers", "test_an_answer_that_is_not_quite_right_is_put_right_or_an_error"),
    "streams": ("test_fuzz_answers", "test_a_stream_that_is_not_quite_right_is_put_right_or_an_error"),
    "requests": ("test_fuzz_requests", "test_any_json_is_sent_or_refused_and_what_is_sent_is_json"),
    "events": ("test_fuzz_requests", "test_any_event_of_a_websocket_is_an_event_or_is_refused"),
    "addresses": ("test_fuzz_settings", "test_a_base_url_is_its_own_result_and_where_the_http_library_goes"),
}
"""A word for each property: its module and its name."""


def main() -> None:
    """Run one property until libFuzzer's own options end it."""
    import atheris

    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"usage: coverage_guided.py {{{','.join(TARGETS)}}} [options of libFuzzer]")
    module, name = TARGETS[sys.argv.pop(1)]
    sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "fuzz")]
    with atheris.instrument_imports(include=["zhipu_openai"]):
        tests: Any = __import__(module)
    run = getattr(tests, name).hypothesis.fuzz_one_input
    atheris.Setup(sys.argv, run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
