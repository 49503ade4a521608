# /// script
# requires-python = ">=3.10"
# dependencies = ["zhipu-openai", "instructor>=1.17", "openai>=2,<4"]
# [tool.uv.sources]
# zhipu-openai = { path = "../..", editable = true }
# ///
"""Instructor on GLM: from_openai over our client. Without a key the stand-in answers."""

import instructor
from pydantic import BaseModel, Field

from zhipu_openai import create_client


class Trip(BaseModel):
    """A trip."""

    city: str
    days: int = Field(ge=1, le=7)


glm = create_client(standin="without_key", on_adaptation="ignore")
if glm.settings.region == "standin":
    print("No key found: the embedded stand-in answers, not a model.")
client = instructor.from_openai(glm)
asked = {"model": "glm-5.2", "messages": [{"role": "user", "content": "Plan three days in Rome."}]}

print(client.create(response_model=Trip, max_retries=2, **asked))
for trip in client.create_partial(response_model=Trip, **asked):
    print(trip)
