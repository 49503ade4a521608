"""Is it safe to publish? Zhipu's content safety, asked and answered as OpenAI's moderations."""

from zhipu_openai import create_client

COMMENTS = (
    "What a lovely photograph of the West Lake!",
    "This film glorifies violence and should not be shown.",
    "A suspicious offer: send me your password.",
)

client = create_client(standin="without_key")

answer = client.moderations.create(model="omni-moderation-latest", input=list(COMMENTS))
for comment, result in zip(COMMENTS, answer.results, strict=True):
    named = [name for name, flagged in result.categories.to_dict().items() if flagged]
    verdict = ", ".join(named) or "no category of OpenAI's" if result.flagged else "nothing found"
    print(f"{'flagged' if result.flagged else 'passed ':8} {verdict:24} {comment}")
    # What Zhipu said itself is kept in the result.
    print(f"{'':9}{result.to_dict()['zhipu']}")
