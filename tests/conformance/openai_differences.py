"""What our clients do otherwise than openai's own tests expect, and why. Nothing else may differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Difference:
    """Tests that fail for one reason.

    Attributes:
        why: What is done otherwise, and why.
        said: A pattern of what a failing test says.
        tests: A pattern of the tests' names.
    """

    why: str
    said: str = ""
    tests: str = ""


ENDLESS: Final = "retries_taken or retry_count_header"
"""Tests left out with our clients: their successful answer has no body, which is a failure that is tried again, and
they allow 10^128 tries."""

CLIENTS: Final[tuple[Difference, ...]] = (
    Difference("messages have reasoning_content, typed, and so in their repr", r"reasoning_content"),
    Difference("a stream that ends without a finish reason is an error", r"there was no finish reason"),
    Difference("an answer that is no JSON, or lacks what its type requires, is an error", r"Zhipu's answer"),
    Difference(
        "responses are served by chat completions, whose requests and paths the tests do not look for",
        r"KeyError: '(?:text|tools|defer_loading)'|chat/completions.*not mocked",
        r"lib\.responses",
    ),
    Difference(
        "what runs at OpenAI alone is refused: hosted agents, hosted tools, background, the beta of responses",
        r"hosted agents do not exist|Zhipu does not run OpenAI's|belong to a tool that runs at OpenAI"
        r"|runs no responses in the background|beta of the Responses API",
    ),
    Difference(
        "a stream is read up to its first event before create() gives it, so what breaks first breaks create()",
        r"openai\.API(?:Timeout|Connection)Error",
        r"errors_are_wrapped\[.*before-first-event",
    ),
    Difference("openai's words about itself, x-stainless-…, do not reach Zhipu", r"KeyError: 'x-stainless"),
    Difference("`strict` of a tool is not sent: Zhipu does not know it", tests=r"single_pass_tools"),
    Difference(
        "refusals are OpenAI's: Zhipu's answers have none", tests=r"test_parse_pydantic_model_refusal"
    ),
    Difference("moderation beside a chat is dropped", tests=r"test_stream_moderation"),
    Difference("responses are kept in the process", r"Response with id '\w+' not found"),
    Difference("videos are asked for by /async-result", r"/async-result/"),
    Difference("an empty stream is an error", r"StopIteration|StopAsyncIteration"),
    Difference(
        "OpenAI's administration and other resources that Zhipu lacks are refused", r"does not exist on Zhipu"
    ),
    Difference(
        "workload identities and providers are refused, OpenAI's variables unread",
        r"cannot be used with Zhipu|DID NOT RAISE TypeError|No API key for Zhipu|respx.*not called|some routes were not called",
        r"(?i)workload|provider|admin|validate_headers|base_url_env|bearer",
    ),
    Difference("an error's code is OpenAI's word for Zhipu's", tests=r"test_api_error_code_is_string"),
    Difference(
        "a response is a subclass of the HTTP library's, which carries what was decoded",
        r"zhipu_openai\.(?:library|transport)",
    ),
    Difference(
        "errors below the HTTP library are openai's too, not raw", tests=r"test_unmapped_transport_errors"
    ),
    Difference("requests and responses are made anew at the boundary", r"assert <(?:Request|Response)"),
    Difference("a base URL of OpenAI's or from its variables is not used", r"open\.bigmodel\.cn"),
)
"""With our clients in place of openai's."""

STREAMS: Final[tuple[Difference, ...]] = ()
"""With our streams and our building of answers: none."""


def explained(plugin: str, test: str, said: str) -> str | None:
    """Say why a test fails, None if that is not known."""
    # What the failure itself says, not the code that is shown around it.
    said = "\n".join(line for line in said.splitlines() if line.startswith("E  "))
    rows = CLIENTS if plugin == "swapped_clients" else STREAMS
    for row in rows:
        if re.search(row.said, said) and re.search(row.tests, test):
            return row.why
    return None
