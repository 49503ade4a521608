"""A search by meaning: texts and a question become vectors, and the nearest text wins."""

from zhipu_openai import create_client

TEXTS = (
    "The panda eats bamboo, up to forty kilograms a day.",
    "The high-speed train from Beijing to Shanghai takes four and a half hours.",
    "Green tea is steamed or pan-fired soon after it is picked.",
    "The library opens at nine and closes at ten in the evening.",
)
QUESTION = "How long does the train to Shanghai take?"

client = create_client(standin="without_key")


def embed(*texts: str) -> list[list[float]]:
    """Turn texts into vectors of length 1; any number of texts may be given at once."""
    answer = client.embeddings.create(
        model="text-embedding-3-small",  # served by embedding-3
        input=list(texts),
        dimensions=256,
    )
    return [entry.embedding for entry in answer.data]


def closeness(one: list[float], other: list[float]) -> float:
    """Measure how near two vectors are: 1 for the same direction, about 0 for unrelated ones."""
    return sum(a * b for a, b in zip(one, other, strict=True))


question, *vectors = embed(QUESTION, *TEXTS)
print(f"Question: {QUESTION}")
ranked = sorted(zip(TEXTS, vectors, strict=True), key=lambda pair: closeness(question, pair[1]), reverse=True)
for text, vector in ranked:
    print(f"{closeness(question, vector):6.3f}  {text}")
print(f"Nearest: {ranked[0][0]}")
