"""After install(), openai's own clients are Zhipu's; after uninstall(), openai is what it was."""

from __future__ import annotations

import inspect
import sys
import threading
from typing import Any

import openai
import pytest
from conftest import KEY, httpx, text_stream
from openai import AsyncOpenAI, OpenAI

import zhipu_openai
from zhipu_openai import stream
from zhipu_openai.adaptation import ZhipuAdaptationWarning
from zhipu_openai.zero_lines import choice, touched

pytestmark = pytest.mark.usefixtures("openai_as_it_was")

CN = "https://open.bigmodel.cn/api/paas/v4/"
INTL = "https://api.z.ai/api/paas/v4/"
OPENAI_KEY = "sk-proj-not-for-zhipu"
OTHER_KEY = "fedcba9876543210fedcba9876543210.AnotherSecretKey"

ZHIPU = (zhipu_openai.OpenAI, zhipu_openai.AsyncOpenAI)


class EarlySync(OpenAI):
    """A subclass made before any install(), whose constructor takes what it knows and no more."""

    def __init__(
        self,
        *,
        api_key: Any = None,
        organization: Any = None,
        project: Any = None,
        webhook_secret: Any = None,
        websocket_base_url: Any = None,
        base_url: Any = None,
        timeout: Any = 60.0,
        http_client: Any = None,
        max_retries: int = 2,
        default_headers: Any = None,
        default_query: Any = None,
        **rest: Any,
    ) -> None:
        assert rest.keys() <= {"admin_api_key", "workload_identity", "_enforce_credentials"}
        super().__init__(
            api_key=api_key,
            organization=organization,
            project=project,
            webhook_secret=webhook_secret,
            websocket_base_url=websocket_base_url,
            base_url=base_url,
            timeout=timeout,
            http_client=http_client,
            max_retries=max_retries,
            default_headers=default_headers,
            default_query=default_query,
        )
        self.greeting = "Hi"

    @property
    def default_headers(self) -> Any:
        return {**super().default_headers, "x-mine": "1"}


class EarlyAsync(AsyncOpenAI):
    @property
    def default_headers(self) -> Any:
        return {**super().default_headers, "x-mine": "1"}


def everything_of(client: Any) -> str:
    """Give the text of all that was sent."""
    return "".join(f"{sent.url} {sent.headers} {sent.content!r}" for sent in client.wire.sent)


def state_of_openai() -> dict[tuple[str, str], Any]:
    """Give every attribute of every module of openai's, and of its clients, with the identity of its value."""
    found = {}
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] == "openai":
            for name, value in list(vars(module).items()):
                found[module_name, name] = id(value)
    for cls in (openai.OpenAI, openai.AsyncOpenAI, *openai.OpenAI.__mro__, *openai.AsyncOpenAI.__mro__):
        for name, value in list(vars(cls).items()):
            found[cls.__qualname__, name] = id(value)
    return found


@pytest.mark.usefixtures("installed")
def test_a_class_imported_before_is_served_with_the_key_of_zhipu(theirs: Any) -> None:
    answer = theirs.create()
    assert answer.choices[0].message.content == "Hello."
    assert theirs.wire.last.url == f"{CN}chat/completions"
    assert theirs.wire.last.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.usefixtures("installed")
def test_a_served_client_is_an_openai_client_and_one_of_ours(theirs: Any) -> None:
    client = theirs.client()
    assert isinstance(client, theirs.cls)
    assert isinstance(client, ZHIPU)
    assert (type(client).__name__, type(client).__module__) == (theirs.cls.__name__, "openai")
    assert client.zhipu is not None
    assert client.settings.base_url == CN
    assert KEY not in repr(client)


@pytest.mark.usefixtures("installed")
def test_a_subclass_made_before_is_served_and_keeps_what_it_overrides(theirs: Any) -> None:
    cls = EarlySync if theirs.name == "sync" else EarlyAsync
    client = theirs.client(cls=cls)
    assert isinstance(client, cls)
    assert isinstance(client, ZHIPU)
    theirs.create(client={"cls": cls})
    assert theirs.wire.last.url.startswith(CN)
    assert theirs.wire.last.headers["x-mine"] == "1"


@pytest.mark.usefixtures("installed")
def test_a_copy_of_a_subclass_needs_no_argument_that_openai_does_not_give(theirs: Any) -> None:
    cls = EarlySync if theirs.name == "sync" else EarlyAsync
    client = theirs.client(cls=cls)
    copy = client.with_options(timeout=3)
    assert type(copy) is type(client)
    assert copy.settings.base_url == CN
    assert copy._setup.memory is client._setup.memory


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("mixin_first", [True, False])
def test_a_subclass_with_other_bases_is_served(mixin_first: bool, theirs: Any) -> None:
    mixin = type("Mixin", (), {})
    cls = type("Mine", (mixin, theirs.cls) if mixin_first else (theirs.cls, mixin), {})
    client = theirs.client(cls=cls)
    assert isinstance(client, cls)
    assert isinstance(client, ZHIPU)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"base_url": None},
        {"base_url": openai.NOT_GIVEN},
        {"base_url": "https://api.openai.com/v1"},
        {"base_url": "https://api.openai.com/v1/"},
    ],
    ids=str,
)
@pytest.mark.usefixtures("installed")
def test_what_would_go_to_openai_goes_to_zhipu(
    options: dict[str, Any], theirs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://gateway.example/v1")
    theirs.create(client=options)
    assert theirs.wire.last.url == f"{CN}chat/completions"


@pytest.mark.usefixtures("installed")
def test_an_address_of_zhipu_is_kept_with_the_key_that_is_given(theirs: Any) -> None:
    theirs.create(client={"base_url": INTL, "api_key": "a-key-of-some-other-form"})
    assert theirs.wire.last.url == f"{INTL}chat/completions"
    assert theirs.wire.last.headers["authorization"] == "Bearer a-key-of-some-other-form"


ELSEWHERE = (
    {"base_url": "http://localhost:8000/v1", "api_key": "EMPTY"},
    {"base_url": "https://openrouter.ai/api/v1", "api_key": "sk-or-v1-x"},
    {"base_url": "https://eu.api.openai.com/v1", "api_key": OPENAI_KEY},
    {"base_url": "https://x.openai.azure.com/openai/v1/", "api_key": "azure"},
    {"base_url": "https://api.openai.com.example/v1", "api_key": "EMPTY"},
)


@pytest.mark.parametrize("options", ELSEWHERE, ids=lambda options: options["base_url"])
def test_what_goes_elsewhere_is_left_alone_to_the_byte(options: dict[str, Any], theirs: Any) -> None:
    theirs.create(client=options)
    with zhipu_openai.install():
        assert type(theirs.client(**options)) is theirs.cls
        assert type(theirs.client(**options).with_options(timeout=3)) is theirs.cls
        theirs.create(client=options)
    before, after = theirs.wire.sent
    assert vars(before) == vars(after)


def test_azure_is_left_alone_to_the_byte(theirs: Any) -> None:
    cls = openai.AzureOpenAI if theirs.name == "sync" else openai.AsyncAzureOpenAI
    options = {"cls": cls, "azure_endpoint": "https://x.example", "api_version": "1", "api_key": OPENAI_KEY}
    theirs.create(client=dict(options))
    with zhipu_openai.install():
        assert type(theirs.client(**options).copy()) is cls
        theirs.create(client=dict(options))
    before, after = theirs.wire.sent
    assert vars(before) == vars(after)


@pytest.mark.usefixtures("installed")
def test_bedrock_is_left_alone() -> None:
    if not hasattr(openai, "BedrockOpenAI"):
        pytest.skip("this openai has no Bedrock")
    client = openai.BedrockOpenAI(base_url="https://x.example", api_key="x")
    assert type(client) is openai.BedrockOpenAI


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("data_residency", "eu"),
        (
            "workload_identity",
            {"client_id": "x", "identity_provider_id": "x", "service_account_id": "x", "provider": {}},
        ),
    ],
)
def test_other_ways_of_openai_are_left_alone(name: str, value: Any) -> None:
    if name not in inspect.signature(openai.OpenAI.__init__).parameters:
        pytest.skip(f"this openai has no {name}")
    made = []
    original = openai.OpenAI.__init__.__wrapped__
    try:
        client = OpenAI(**{name: value}, **({"api_key": "x"} if name == "data_residency" else {}))
        made.append(type(client))
    except Exception as error:  # noqa: BLE001 - what openai itself says about made-up values
        with pytest.raises(type(error)):
            original(object.__new__(OpenAI), **{name: value})
        return
    assert made == [OpenAI]


@pytest.mark.parametrize("name", ["provider", "workload_identity", "data_residency"])
def test_what_openai_alone_can_serve_is_not_for_zhipu(name: str) -> None:
    assert not choice.is_for_zhipu(None, {name: object()})
    assert choice.is_for_zhipu(None, {name: None})
    assert choice.is_for_zhipu(None, {name: openai.NOT_GIVEN})


@pytest.mark.usefixtures("installed")
def test_a_client_over_our_http_client_knows_its_key_and_address_already() -> None:
    client = OpenAI(api_key="unused", http_client=zhipu_openai.http_client(region="standin"))
    assert type(client) is OpenAI


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "options",
    [
        {"api_key": OPENAI_KEY},
        {"api_key": OPENAI_KEY, "base_url": "https://api.openai.com/v1"},
        {"admin_api_key": OPENAI_KEY},
        {"default_headers": {"Authorization": f"Bearer {OPENAI_KEY}", "api-key": OPENAI_KEY, "x-kept": "1"}},
        {"organization": OPENAI_KEY, "project": OPENAI_KEY},
        {"webhook_secret": OPENAI_KEY},
    ],
    ids=str,
)
def test_no_key_of_openai_reaches_zhipu(
    options: dict[str, Any], theirs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if options.keys() - inspect.signature(openai.OpenAI.__init__).parameters.keys():
        pytest.skip("this openai has no such argument")
    monkeypatch.setenv("OPENAI_API_KEY", OPENAI_KEY)
    monkeypatch.setenv("OPENAI_ADMIN_KEY", OPENAI_KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", OPENAI_KEY)
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"Authorization: Bearer {OPENAI_KEY}\nx-other: {OPENAI_KEY}")
    theirs.create(client=options)
    assert OPENAI_KEY not in everything_of(theirs)
    assert theirs.wire.last.headers["authorization"] == f"Bearer {KEY}"
    assert ("x-kept" in theirs.wire.last.headers) == ("default_headers" in options)


@pytest.mark.usefixtures("installed")
def test_a_key_of_openai_that_is_assigned_later_does_not_reach_zhipu_either(theirs: Any) -> None:
    def work(client: Any) -> Any:
        client.api_key = OPENAI_KEY
        return client.chat.completions.create(model="glm-5.2", messages=[{"role": "user", "content": "Hi"}])

    theirs.run(work)
    assert theirs.wire.last.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.usefixtures("installed")
def test_a_key_of_openai_given_to_a_copy_does_not_reach_zhipu(theirs: Any) -> None:
    with pytest.warns(ZhipuAdaptationWarning, match="form of an OpenAI key"):
        copy = theirs.client().with_options(api_key=OPENAI_KEY)
    assert copy.api_key == KEY


@pytest.mark.usefixtures("installed")
def test_an_admin_key_is_not_even_kept(theirs: Any) -> None:
    if "admin_api_key" not in inspect.signature(openai.OpenAI.__init__).parameters:
        pytest.skip("this openai has no such argument")
    assert theirs.client(admin_api_key="an-admin-key").admin_api_key is None


@pytest.mark.usefixtures("installed")
def test_a_key_of_zhipus_form_is_used_wherever_it_is_given(theirs: Any) -> None:
    theirs.create(client={"api_key": OTHER_KEY})
    assert theirs.wire.last.headers["authorization"] == f"Bearer {OTHER_KEY}"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("key", ["EMPTY", "gsk_of_another_vendor", lambda: OPENAI_KEY])
def test_a_key_of_unknown_form_is_left_out_with_one_warning(key: Any, theirs: Any) -> None:
    with pytest.warns(ZhipuAdaptationWarning, match="not sent to Zhipu") as warned:
        theirs.create(client={"api_key": key})
    theirs.create(client={"api_key": key})  # a second warning would be an error here
    assert len(warned) == 1
    assert warned[0].filename.endswith("openai_sides.py")  # where the client is made
    assert {sent.headers["authorization"] for sent in theirs.wire.sent} == {f"Bearer {KEY}"}


@pytest.mark.usefixtures("installed")
def test_without_a_key_of_zhipus_it_is_said_in_english_and_chinese(
    theirs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZAI_API_KEY")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(openai.OpenAIError, match="No API key for Zhipu was found") as raised:
        theirs.client(api_key=OPENAI_KEY)
    assert "ZAI_API_KEY" in str(raised.value)
    assert "没有找到智谱的 API Key" in str(raised.value)
    assert "It holds what has the form of a Zhipu key: put that into ZAI_API_KEY" in str(raised.value)
    assert KEY not in str(raised.value)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("url", [None, "https://api.openai.com/v1"])
def test_a_copy_of_a_served_client_is_served_with_the_same_key(url: str | None, theirs: Any) -> None:
    copy = theirs.client(api_key=OTHER_KEY).with_options(base_url=url, max_retries=5)
    assert (copy.settings.base_url, copy.api_key, copy.max_retries) == (CN, OTHER_KEY, 5)


@pytest.mark.usefixtures("installed")
def test_a_copy_for_another_host_is_openais_own_client_over_the_same_http_client(theirs: Any) -> None:
    client = theirs.client()
    below = client._client.boundary.inner
    copy = client.copy(base_url="http://localhost:8000/v1", api_key="EMPTY", timeout=3)
    assert type(copy) is theirs.cls
    assert (str(copy.base_url), copy.api_key, copy.timeout) == ("http://localhost:8000/v1/", "EMPTY", 3)
    assert copy._client is below


@pytest.mark.usefixtures("installed")
def test_the_key_does_not_go_with_a_copy_to_another_host(theirs: Any) -> None:
    with pytest.raises(openai.OpenAIError, match="not sent elsewhere"):
        theirs.client().copy(base_url="http://localhost:8000/v1")


def test_a_copy_of_a_client_on_a_gateway_stays_there(theirs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIPU_BASE_URL", "https://gateway.example/v1")
    with zhipu_openai.install():
        copy = theirs.client().with_options(timeout=3)
    assert copy.settings.base_url == "https://gateway.example/v1/"


def test_a_client_made_before_is_left_alone_and_so_are_its_copies(theirs: Any) -> None:
    client = theirs.client(api_key=OPENAI_KEY)
    with zhipu_openai.install():
        assert type(client.copy()) is theirs.cls
        assert client.with_options(timeout=3).api_key == OPENAI_KEY
        assert str(client.with_options(timeout=3).base_url) == "https://api.openai.com/v1/"
        assert isinstance(theirs.client(), ZHIPU)


@pytest.mark.usefixtures("installed")
def test_what_the_copy_of_another_client_makes_itself_is_decided_anew() -> None:
    class Nesting(OpenAI):
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            self.helper = OpenAI(http_client=given["http_client"])

    below = httpx.Client()
    copy = Nesting(base_url="http://localhost:8000/v1", api_key="EMPTY", http_client=below).copy()
    assert type(copy) is Nesting
    assert isinstance(copy.helper, ZHIPU)


@pytest.mark.usefixtures("installed")
def test_a_copy_that_names_an_address_of_zhipu_is_served(theirs: Any) -> None:
    other = theirs.client(base_url="http://localhost:8000/v1", api_key="EMPTY")
    assert isinstance(other.with_options(base_url=CN, api_key=OTHER_KEY), ZHIPU)


def test_a_client_made_in_between_stays_on_zhipu(theirs: Any) -> None:
    with zhipu_openai.install():
        client = theirs.client()
    assert str(client.base_url) == CN
    assert isinstance(client.with_options(timeout=3), ZHIPU)
    assert type(theirs.client(api_key=OPENAI_KEY)) is theirs.cls


def test_uninstall_leaves_every_attribute_of_openai_as_it_was() -> None:
    before = state_of_openai()
    zhipu_openai.install()
    changed = {key for key, value in state_of_openai().items() if before.get(key) != value}
    zhipu_openai.install(region="intl")
    zhipu_openai.uninstall()
    assert state_of_openai() == before
    assert changed == {(row.owner or row.module, row.name) for row in touched.TOUCHED}
    assert all(row.why for row in touched.TOUCHED)
    zhipu_openai.uninstall()


@pytest.mark.usefixtures("installed")
def test_the_signatures_stay_those_of_openai() -> None:
    for name in ("__init__", "copy", "with_options"):
        assert "api_key" in inspect.signature(getattr(OpenAI, name)).parameters


def test_options_apply_where_the_code_says_nothing(theirs: Any) -> None:
    zhipu_openai.install(region="intl", max_concurrency=3)
    zhipu_openai.install(region="intl", endpoint="general", model_aliases={"mine": "glm-5.2"})
    client = theirs.client()
    assert client.settings.base_url == INTL
    assert client.settings.model_aliases == {"mine": "glm-5.2"}
    assert client.settings.max_concurrency is None
    assert theirs.client(base_url=CN).settings.base_url == CN


def test_the_standin_is_asked_whatever_address_of_zhipu_the_code_names(theirs: Any) -> None:
    with zhipu_openai.install(region="standin"):
        answer = theirs.create(client={"base_url": INTL, "http_client": None})
    assert answer.choices[0].message.content.startswith("[stand-in]")
    assert theirs.wire.sent == []


def test_an_option_that_is_no_option_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="region"):
        zhipu_openai.install(region="moon")  # type: ignore[arg-type]
    assert touched._replaced == {}


def test_a_with_block_holds_for_the_block_and_what_stood_before_stands_again(theirs: Any) -> None:
    before = vars(OpenAI)["__init__"]
    with zhipu_openai.install(region="intl"):
        assert str(theirs.client().base_url) == INTL
        with zhipu_openai.install(region="cn"):
            assert str(theirs.client().base_url) == CN
        assert str(theirs.client().base_url) == INTL
    assert vars(OpenAI)["__init__"] is before

    zhipu_openai.install(region="intl")
    with zhipu_openai.install(region="cn") as installation:
        assert repr(installation) == "<zhipu_openai.install(region='cn')>"
    assert str(theirs.client().base_url) == INTL


def test_blocks_that_overlap_do_not_end_each_other(theirs: Any) -> None:
    first, second = zhipu_openai.install(region="intl"), zhipu_openai.install(region="cn")
    zhipu_openai.uninstall()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert str(theirs.client().base_url) == CN
    second.__exit__(None, None, None)
    assert touched._replaced == {}


def test_many_threads_may_install_and_make_clients_at_once() -> None:
    before = state_of_openai()
    failures: list[BaseException] = []
    barrier = threading.Barrier(6)
    below = openai.DefaultHttpxClient()

    def work() -> None:
        barrier.wait()
        try:
            for _ in range(10):
                with zhipu_openai.install():
                    assert isinstance(OpenAI(http_client=below), ZHIPU)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert state_of_openai() == before


@pytest.mark.usefixtures("installed")
def test_streams_are_read_by_the_fast_path(theirs: Any) -> None:
    theirs.wire._replies.clear()
    theirs.wire.reply(text_stream("Hel", "lo.", reasoning=["Hm."]))
    kinds: list[type] = []

    def work(client: Any) -> Any:
        made = client.chat.completions.create(
            model="glm-5.2", messages=[{"role": "user", "content": "Hi"}], stream=True
        )
        if theirs.name == "sync":
            kinds.append(type(made))
            return list(made)

        async def read() -> Any:
            opened = await made
            kinds.append(type(opened))
            return [piece async for piece in opened]

        return read()

    pieces = theirs.run(work)
    assert issubclass(kinds[0], (stream.FastStream, stream.AsyncFastStream))
    assert [piece.choices[0].delta.content for piece in pieces if piece.choices[0].delta.content] == [
        "Hel",
        "lo.",
    ]


@pytest.mark.usefixtures("installed")
def test_websockets_that_zhipu_has_not_are_refused() -> None:
    client = OpenAI(websocket_base_url="wss://api.openai.com/v1")
    assert client.websocket_base_url is None
    if hasattr(client.responses, "connect"):
        with pytest.raises(openai.BadRequestError, match="no responses over a websocket"):
            client.responses.connect()


@pytest.mark.usefixtures("installed")
def test_answers_are_translated(theirs: Any) -> None:
    theirs.wire._replies.clear()
    theirs.wire.reply({"error": {"code": "1113", "message": "余额不足"}}, status=429)
    with pytest.raises(openai.RateLimitError) as raised:
        theirs.create()
    assert raised.value.code == "insufficient_quota"
    assert len(theirs.wire.sent) == 1


@pytest.mark.usefixtures("installed")
def test_our_own_clients_are_what_they_are() -> None:
    assert type(zhipu_openai.OpenAI(api_key=KEY, http_client=httpx.Client())) is zhipu_openai.OpenAI
