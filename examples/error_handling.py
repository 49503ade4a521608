"""Errors are OpenAI's; what Zhipu said about them is there as well."""

import zhipu_openai
from zhipu_openai import OpenAI, error_details

client = OpenAI()

try:
    client.chat.completions.create(model="glm-nonexistent", messages=[{"role": "user", "content": "Hello?"}])
except zhipu_openai.NotFoundError as error:
    print(f"{type(error).__name__}: status {error.status_code}, code {error.code}")
    details = error_details(error)
    if details is not None:
        print(f"Zhipu's own code: {details.code}")
        print(f"What to do: {details.advice}")
        print(f"怎么办：{details.advice_zh}")

try:
    client.chat.completions.create(
        model="glm-5.2",
        messages=[{"role": "user", "content": "Hello?"}],
        n=0,
    )
except zhipu_openai.BadRequestError as error:
    print(f"{type(error).__name__}: {error.param}: {error.message}")

try:
    client.chat.completions.create(model="glm-5.2", messages=[{"role": "user", "content": "Hello?"}])
except zhipu_openai.RateLimitError as error:
    details = error_details(error)
    if error.code == "insufficient_quota":
        print("The account is empty.")
    elif details is not None and details.resets_at is not None:
        print(f"The plan's quota is used up until {details.resets_at:%H:%M %Z}.")
    else:
        print("Too many requests, even after openai's retries.")
else:
    print("The third request was answered.")
