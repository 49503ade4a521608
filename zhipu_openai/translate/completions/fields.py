"""The fields of a legacy completion: what becomes of each on its way to a chat completion.

Fields in no row, and those that chat shares, are left to the table of chat completions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai import catalogue
from zhipu_openai.translate.fields import Field
from zhipu_openai.translate.request_fields import Request, refuse, translate_fields
from zhipu_openai.translate.token_arrays import decode_tokens, is_tokens

if TYPE_CHECKING:
    from zhipu_openai.exchange import Body, Call

CODE_MODEL: Final = "codegeex-4"
"""The model that completes code between a prefix and a suffix. Source: zai-org/z-ai-sdk-python, 2026-11-23."""


@dataclass(frozen=True, slots=True)
class CompletionAlias:
    """Which GLM model stands for one of OpenAI's completion models.

    ``continues`` says that OpenAI's model goes on with a text rather than following what it says.
    """

    pattern: str
    model: str
    continues: bool
    reason: str
    source: str
    seen: date


_OPENAI: Final = "openai-python 3.54, model names"
_OPENAI_SEEN: Final = date(2026, 11, 23)
_OLDER: Final = "OpenAI's deprecations page; retired there in 2024, still in old code"
_SMALL: Final = "small, without thinking; GLM's air model with thinking off"
_BASE: Final = "a base model, which continues a text: the air model is told to"
ALIASES: Final = (
    CompletionAlias("gpt-3.5-turbo-instruct*", "glm-4.5-air", False, _SMALL, _OPENAI, _OPENAI_SEEN),
    CompletionAlias("davinci-002", "glm-4.5-air", True, _BASE, _OPENAI, _OPENAI_SEEN),
    CompletionAlias("babbage-002", "glm-4.5-air", True, _BASE, _OPENAI, _OPENAI_SEEN),
    CompletionAlias("text-davinci-00[23]", "glm-4.5-air", False, _SMALL, _OLDER, _OPENAI_SEEN),
    CompletionAlias("code-davinci-00[12]", "glm-4.5-air", True, _BASE, _OLDER, _OPENAI_SEEN),
)
"""The first matching row wins. A name in no row is looked up as chat does."""

CONTINUE: Final = (
    "Continue the user's text from exactly where it ends. Write the continuation alone: no comment on it, no "
    "repetition of the text, no quotation marks around it."
)
INSERT: Final = (
    "The user gives the beginning and the end of a text, each between tags. Write the text that belongs between "
    "them, and nothing else: no tags, no comment, no repetition of what is given, no fence around code."
)

_CAN_BE_OFF: Final = frozenset({"switch", "effort"})
_ABOUT_THINKING: Final = ("thinking", "reasoning_effort", "enable_thinking")


@dataclass(slots=True)
class Plan:
    """What the request demands: the chat requests to make, and what their answers become."""

    prompts: list[str]
    bodies: list[Body]
    choices: int
    echo: bool
    stream: bool


def _model(request: Request, name: Any) -> None:
    if not isinstance(name, str):
        return
    found = catalogue.resolve(name, overrides=request.call.options.model_aliases)
    alias = _alias(name)
    if found.overridden:
        request.body["model"] = found.id
        request.note("model", "translated", f"{name} is served by {found.id}.")
    elif alias is not None:
        request.body["model"] = alias.model
        request.note("model", "approximated", f"{name} is served by {alias.model}.")


def _alias(name: str) -> CompletionAlias | None:
    bare = name.rpartition("/")[2].lower()
    return next((row for row in ALIASES if fnmatchcase(bare, row.pattern)), None)


def _prompt(request: Request, given: Any) -> None:
    """Bring the prompts into a list of texts."""
    model = str(request.call.body.get("model"))
    if is_tokens(given):
        prompts = decode_tokens(request, "prompt", [given], model)
    elif isinstance(given, list) and given and all(map(is_tokens, given)):
        prompts = decode_tokens(request, "prompt", given, model)
    else:
        prompts = [given] if isinstance(given, str) else given
    if not isinstance(prompts, list) or not all(isinstance(one, str) for one in prompts):
        refuse("prompt", "prompt must be a string or a list of strings.", code="invalid_type")
    if not prompts or "" in prompts:
        refuse("prompt", "prompt is empty, and GLM models answer nothing to an empty message.")
    request.body["prompt"] = prompts
    request.note("prompt", "emulated", "sent as a user's message: a chat model answers it.")


def _suffix(request: Request, suffix: Any) -> None:
    if not isinstance(suffix, str):
        refuse("suffix", "suffix must be a string.", code="invalid_type")
    if _completes_code(request.body):
        return
    request.note(
        "suffix",
        "emulated",
        f"{request.body.get('model')} is told to write what belongs in between; {CODE_MODEL} does so for code.",
    )


def _echo(request: Request, echo: Any) -> None:
    if not isinstance(echo, bool):
        refuse("echo", "echo must be true or false.", code="invalid_type")
    request.note("echo", "translated", "the prompt is put before the answer here.")


def _best_of(request: Request, best_of: Any) -> None:
    del request.body["best_of"]
    if isinstance(best_of, bool) or not isinstance(best_of, int) or best_of < 1:
        refuse("best_of", "best_of must be a whole number from 1.")
    wanted = request.body.get("n") or 1
    if isinstance(wanted, int) and best_of < wanted:
        refuse("best_of", f"best_of ({best_of}) must not be less than n ({wanted}).")
    if best_of != wanted:
        request.note(
            "best_of", "dropped", "Zhipu gives no probabilities to choose by: n answers are asked for."
        )


_ABSENT: Final = "in no specification of bigmodel.cn or z.ai"
_ABSENT_SEEN: Final = date(2026, 11, 23)

FIELDS: Final[tuple[Field[Request], ...]] = (
    Field(
        "model",
        "approximated",
        "OpenAI's completion models are served by glm-4.5-air.",
        _OPENAI,
        _OPENAI_SEEN,
        _model,
    ),
    Field(
        "prompt",
        "emulated",
        "A user's message; several are sent side by side; token arrays are decoded with tiktoken.",
        _ABSENT,
        _ABSENT_SEEN,
        _prompt,
    ),
    Field(
        "suffix",
        "emulated",
        "extra.target for codegeex-4, else an instruction.",
        "zai-org/z-ai-sdk-python, code_geex_params.py",
        _ABSENT_SEEN,
        _suffix,
        neutral=("",),
    ),
    Field(
        "echo",
        "translated",
        "The prompt is put before the answer.",
        _ABSENT,
        _ABSENT_SEEN,
        _echo,
        neutral=(False,),
    ),
    Field(
        "best_of",
        "dropped",
        "Zhipu gives no probabilities to choose by.",
        _ABSENT,
        _ABSENT_SEEN,
        _best_of,
    ),
)


def translate_request(call: Call) -> Plan:
    """Make the chat requests that serve a legacy completion.

    Raises:
        Refused: The request cannot be honoured, and a guess could hurt.
    """
    request = translate_fields(call, FIELDS)
    body = request.body
    if "prompt" not in body:
        refuse(
            "prompt",
            "prompt is missing: give a string or a list of strings.",
            code="missing_required_parameter",
        )
    prompts = body.pop("prompt")
    suffix = body.pop("suffix", None)
    echo = body.pop("echo", False)
    if body.get("max_tokens") is None:
        request.note(
            "max_tokens",
            "approximated",
            "OpenAI stops a completion after 16 tokens when none is given; GLM models write to their end.",
        )
    _settle_thinking(request)
    choices = body.get("n")
    return Plan(
        prompts,
        [_chat_body(request, prompt, suffix) for prompt in prompts],
        choices if isinstance(choices, int) else 1,
        echo,
        body.get("stream") is True,
    )


def _settle_thinking(request: Request) -> None:
    """Turn thinking off where nothing is said about it: a completion has no place for thoughts."""
    body = request.body
    if any(body.get(name) is not None for name in _ABOUT_THINKING):
        return
    name = body.get("model")
    found = (
        catalogue.resolve(name, overrides=request.call.options.model_aliases)
        if isinstance(name, str)
        else None
    )
    if found is not None and found.model is not None and found.model.thinking in _CAN_BE_OFF:
        body["thinking"] = {"type": "disabled"}
        request.note(
            "thinking",
            "translated",
            'off, as in OpenAI\'s completions; extra_body={"thinking": ...} decides.',
        )


def _chat_body(request: Request, prompt: str, suffix: str | None) -> Body:
    body = request.body
    if _completes_code(body) and (suffix is not None or "extra" in body):
        return {**body, "messages": [_user(prompt)], "extra": _code_target(body, prompt, suffix or "")}
    if suffix is not None:
        asked = f"<beginning>{prompt}</beginning>\n<end>{suffix}</end>"
        return {**body, "messages": [_system(INSERT), _user(asked)]}
    alias = _alias(str(request.call.body.get("model")))
    if alias is not None and alias.continues:
        return {**body, "messages": [_system(CONTINUE), _user(prompt)]}
    return {**body, "messages": [_user(prompt)]}


def _completes_code(body: Body) -> bool:
    found = catalogue.find(str(body.get("model")))
    return found is not None and found.id == CODE_MODEL


def _code_target(body: Body, prompt: str, suffix: str) -> Body:
    """Fill in what stands around the gap; the language, which Zhipu demands, must be the caller's."""
    extra = body.get("extra")
    extra = extra if isinstance(extra, dict) else {}
    target = extra.get("target")
    target = {"code_prefix": prompt, "code_suffix": suffix, **(target if isinstance(target, dict) else {})}
    if not target.get("language"):
        refuse(
            "suffix",
            f"{CODE_MODEL} completes code between a prefix and a suffix only when it is told the language: add "
            'extra_body={"extra": {"target": {"language": "python"}}}.',
            code="missing_required_parameter",
        )
    return {**extra, "target": target}


def _user(text: str) -> Body:
    return {"role": "user", "content": text}


def _system(text: str) -> Body:
    return {"role": "system", "content": text}
