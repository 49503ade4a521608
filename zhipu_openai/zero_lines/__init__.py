"""Zero lines: code that imports openai itself runs on Zhipu's GLM models as it is.

``install()`` does it for this process, ``python -m zhipu_openai run script.py`` for a program and the Python
processes that it starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .state import Installation, end_all

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.adaptation import Policy
    from zhipu_openai.endpoints import EndpointName
    from zhipu_openai.settings import Auth, RegionChoice, ResponsesMode

__all__ = ["Installation", "install", "uninstall"]


def install(
    *,
    region: RegionChoice | None = None,
    endpoint: EndpointName | None = None,
    auth: Auth | None = None,
    on_adaptation: Policy | None = None,
    max_concurrency: int | None = None,
    model_aliases: Mapping[str, str] | None = None,
    responses: ResponsesMode | None = None,
    fast_streams: bool | None = None,
) -> Installation:
    """Have the clients of the openai package served by Zhipu from now on, until ``uninstall()``.

    ``openai.OpenAI()``, ``openai.AsyncOpenAI()``, subclasses of them and the module-level client become clients of
    Zhipu's, however early their classes were imported, and so do those that other packages make. What decides is
    where a client would go:

    * to OpenAI, because it was given no ``base_url`` or one at api.openai.com (whatever OPENAI_BASE_URL says): it is
      served by Zhipu;
    * to a host of Zhipu's: it is served too, at that address;
    * anywhere else (another host, Azure, Bedrock, ``provider=``, ``workload_identity=``, ``data_residency=``): it is
      left alone, and so are its copies.

    A client that existed before is left alone, and so are its copies. One that was made since stays on Zhipu after
    ``uninstall()``. Python processes that are started afresh are not covered, unlike with ``run``.

    The key is a key of Zhipu's, from the environment or ``.env``, as zhipu_openai.OpenAI finds it. OPENAI_API_KEY is
    not used. An ``api_key`` that the code gives to a client without ``base_url``, or with OpenAI's, is used if it
    has the form of Zhipu's keys (id.secret). One of OpenAI's form (``sk-…``) is left out silently. Any other, and a
    callable, was meant for OpenAI or is a placeholder: it is left out with one ``ZhipuAdaptationWarning``. Credentials
    in ``default_headers`` are left out as well. Beside a ``base_url`` of Zhipu's any key is used but one of OpenAI's form.

    Calling it again changes the options. In a ``with`` statement it holds for the block.

    Args:
        region: ``"cn"``, ``"intl"`` or ``"standin"``, for clients that name no address of Zhipu's.
        endpoint: ``"general"`` or ``"coding"``, likewise.
        auth: See zhipu_openai.OpenAI, as for all that follow.
        on_adaptation: Likewise.
        max_concurrency: Likewise, for each client.
        model_aliases: Likewise.
        responses: Likewise.
        fast_streams: Likewise.

    Raises:
        ValueError: An option is not usable.
    """
    from zhipu_openai.settings import resolve  # noqa: PLC0415 - the command line needs this package without it

    options = {
        "region": region,
        "endpoint": endpoint,
        "auth": auth,
        "on_adaptation": on_adaptation,
        "max_concurrency": max_concurrency,
        "model_aliases": model_aliases,
        "responses": responses,
        "fast_streams": fast_streams,
    }
    resolve(
        has_key_provider=True,
        region=region,
        endpoint=endpoint,
        auth=auth,
        on_adaptation=on_adaptation,
        max_concurrency=max_concurrency,
        model_aliases=model_aliases,
        responses=responses,
    )
    installation = Installation(options)
    installation.put_in_effect()
    return installation


def uninstall() -> None:
    """Undo every ``install()``: what was replaced in openai is what it was before.

    Where somebody has wrapped a replaced method since, the wrapper stays, and ours beneath it does nothing more.
    """
    from .choice import forget_warnings  # noqa: PLC0415 - they import openai
    from .module_client import forget  # noqa: PLC0415 - likewise

    end_all()
    forget()
    forget_warnings()
