"""What is taken for a client, and what is left alone."""

from __future__ import annotations

import pytest
from check_helpers import kinds, one, read

CALL = 'chat.completions.create(model="gpt-4o", $HI)'

KNOWN = {
    "a module's client": f"from openai import OpenAI\nc = OpenAI()\nc.{CALL}",
    "under another name": f"from openai import OpenAI as Model\nModel().{CALL}",
    "by the module": f"import openai\nc = openai.OpenAI()\nc.{CALL}",
    "the module under another name": f"import openai as ai\nai.AsyncOpenAI().{CALL}",
    "everything imported": f"from openai import *\nc = OpenAI()\nc.{CALL}",
    "ours already": f"from zhipu_openai import OpenAI\nc = OpenAI()\nc.{CALL}",
    "the module-level client": f"import openai\nopenai.{CALL}",
    "part of the module-level client": f"from openai import chat\n{CALL}",
    "awaited": f"from openai import AsyncOpenAI\nasync def f():\n  c = AsyncOpenAI()\n  await c.{CALL}",
    "entered": f"from openai import OpenAI\nwith OpenAI() as c:\n  c.{CALL}",
    "with options": f"from openai import OpenAI\nOpenAI().with_options(timeout=3).{CALL}",
    "a part of it": "from openai import OpenAI\nc = OpenAI().chat.completions\nc.create(model='gpt-4o', $HI)",
    "its method": "from openai import OpenAI\nf = OpenAI().chat.completions.create\nf(model='gpt-4o', $HI)",
    "raw": "from openai import OpenAI\nOpenAI().chat.completions.with_raw_response.create(model='gpt-4o', $HI)",
    "a parameter": f"from openai import OpenAI\ndef f(c: OpenAI):\n  c.{CALL}",
    "a parameter that may be missing": f"import openai\ndef f(c: 'openai.OpenAI | None' = None):\n  c.{CALL}",
    "an optional parameter": f"from openai import OpenAI\ndef f(c: Optional[OpenAI]):\n  c.{CALL}",
    "made where it is missing": f"from openai import OpenAI\ndef f(c=None):\n  c = c or OpenAI()\n  c.{CALL}",
    "of an object": f"""
from openai import OpenAI
class A:
    def __init__(self):
        self.c = OpenAI()
    def f(self):
        self.c.{CALL}
""",
    "of the class above": f"""
from openai import OpenAI
class A:
    def __init__(self):
        self.c = OpenAI()
class B(A):
    def f(self):
        return [self.c.{CALL} for _ in range(3)]
""",
    "of an object that is made": f"""
from openai import OpenAI
class A:
    c = OpenAI()
a = A()
a.c.{CALL}
""",
    "an annotated field": f"""
from openai import OpenAI
class A:
    c: OpenAI
    def f(self):
        self.c.{CALL}
""",
    "a property": f"""
from openai import OpenAI
class A:
    @property
    def c(self):
        return OpenAI()
    def f(self):
        self.c.{CALL}
""",
    "what a function gives": f"from openai import OpenAI\ndef make():\n  return OpenAI()\nmake().{CALL}",
    "what a function says it gives": f"from openai import OpenAI\ndef make() -> OpenAI: ...\nmake().{CALL}",
    "set later": f"""
from openai import OpenAI
c = None
def start():
    global c
    c = OpenAI()
def f():
    c.{CALL}
""",
    "traced": f"import instructor, openai\nc = instructor.from_openai(openai.OpenAI())\nc.{CALL}",
    "in a nested function": f"""
from openai import OpenAI
def f():
    c = OpenAI()
    def g():
        return c.{CALL}
""",
}


@pytest.mark.parametrize("code", KNOWN.values(), ids=KNOWN)
def test_a_client_is_followed(code: str) -> None:
    call = one(code)
    assert call.certain
    assert call.model is not None
    assert (call.model.asked, call.model.sent) == ("gpt-4o", "glm-5.2")
    assert kinds(call)["model"] == "approximated"


UNSURE = {
    "a parameter": f"def f(client):\n  client.{CALL}",
    "from another module": f"from .llm import client\nclient.{CALL}",
    "of an unknown object": f"import app\napp.state.openai.{CALL}",
    "what an unknown function gives": f"from llm import make\nmake().{CALL}",
}


@pytest.mark.parametrize("code", UNSURE.values(), ids=UNSURE)
def test_what_looks_like_a_client_is_reported_as_uncertain(code: str) -> None:
    call = one(code)
    assert not call.certain
    assert {finding.depends_on for finding in call.findings} == {"receiver"}


@pytest.mark.parametrize(
    "code",
    [
        f"from groq import Groq\nGroq().{CALL}",
        f"from openai import AzureOpenAI\nc = AzureOpenAI()\nc.{CALL}",
        f"from openai import OpenAI\nc = OpenAI(base_url='https://api.deepseek.com')\nc.{CALL}",
        f"import openai\nopenai.base_url = 'https://llm.example.com/v1'\nopenai.{CALL}",
        f"import openai\nopenai.api_type = 'azure'\nopenai.{CALL}",
        "def f(service):\n  service.files.create(name='x')",
        "from zhipu_openai import OpenAI\nOpenAI().zhipu.rerank.create(query='x', documents=[])",
        "from openai import OpenAI\nOpenAI().close()",
        "import os\nos.path.join('a')",
        "def f(client):\n  client.containers.create(image='x', name='y', command='z')",
        f"import openai\nopenai.OpenAI()._client.{CALL}",
    ],
)
def test_what_goes_elsewhere_is_left_alone(code: str) -> None:
    assert [call for call in read(code) if call.route is not None] == []


def test_two_names_are_enough_where_openai_is_imported() -> None:
    assert read("def f(x):\n  x.embeddings.create(model='a', input='b')") == []
    code = "import openai\ndef f(x):\n  x.embeddings.create(model='text-embedding-3-small', input='b')"
    assert not one(code).certain


def test_of_two_clients_the_one_that_would_be_ours_counts() -> None:
    code = f"""
from openai import AzureOpenAI, OpenAI
client = AzureOpenAI() if azure else OpenAI()
client.{CALL}
"""
    assert one(code).certain


def test_the_later_client_counts_where_it_is_always_made() -> None:
    code = f"""
from openai import AzureOpenAI, OpenAI
client = OpenAI()
client = AzureOpenAI()
client.{CALL}
"""
    assert [call.operation for call in read(code)] == ["AzureOpenAI(...)"]


def test_what_is_ours_alone_is_not_missing_from_openai() -> None:
    assert (
        read("import zhipu_openai as openai\nprint(openai.errors, openai.standin)\nopenai.region = 'intl'")
        == []
    )
