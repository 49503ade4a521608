"""Fields of a chat completion that Zhipu has in other words, or not at all."""

from openai import OpenAI

MODEL = "gpt-4o"
SAMPLING = {"temperature": 1.5, "top_p": 0.0}

client = OpenAI()
question = "Why is the sky blue?"

answer = client.chat.completions.create(
    model=MODEL,
    messages=[
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": question},
    ],
    max_completion_tokens=500,
    logprobs=True,
    top_logprobs=2,
    seed=7,
    user="u1",
    **SAMPLING,
)
print(answer.choices[0].message.content)

client.chat.completions.create(
    model="gpt-4.1-mini",
    messages=[{"role": "user", "content": question}],
    n=2,
    stop=["one", "two", "three", "four", "five"],
    presence_penalty=0.5,
    frequency_penalty=0,
    logit_bias={"50256": -100},
    service_tier="flex",
    store=True,
    metadata={"team": "docs"},
    verbosity="low",
)

client.chat.completions.create(
    model="o3",
    messages=[{"role": "user", "content": question}],
    reasoning_effort="medium",
    extra_body={"thinking": {"type": "enabled"}},
)

client.chat.completions.create(model="glm-5.2", messages=[{"role": "user", "content": "Hi"}], temperature=0.5)
