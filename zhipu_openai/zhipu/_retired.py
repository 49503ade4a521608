"""What Zhipu has retired is refused before it is sent, unless the caller insists."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import openai

if TYPE_CHECKING:
    from datetime import date


def refuse_retired(what: str, last_listed: date, *, param: str | None, url: str) -> NoReturn:
    """Refuse a call of something retired.

    Args:
        what: What is retired.
        last_listed: The day of the latest official list that has it.
        param: The keyword that names it.
        url: Where the request would have gone.

    Raises:
        openai.BadRequestError: Always; its code is ``retired``.
    """
    from zhipu_openai.errors import refusal  # noqa: PLC0415 - needed for few calls
    from zhipu_openai.library import openai_library  # noqa: PLC0415 - likewise

    answer = refusal(
        f"{what} is retired: Zhipu last listed it on {last_listed}. Nothing was sent. If your account still has it, "
        "say force=True.",
        param=param,
        code="retired",
    )
    module = openai_library().module
    response = module.Response(answer.status, json=answer.body, request=module.Request("POST", url))
    error = answer.body["error"]
    raise openai.BadRequestError(error["message"], response=response, body=error)
