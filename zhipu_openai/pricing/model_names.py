"""Which of Zhipu's models stands for a name, whatever resource the name is of."""

from __future__ import annotations

from fnmatch import fnmatchcase

from zhipu_openai import catalogue


def model_id(name: str) -> str:
    """Give the id under which a model has its price.

    Args:
        name: A model of Zhipu's, or a name of OpenAI's that is served by one: a chat model, an embedding, image,
            video or audio model. Any other name is its own.
    """
    found = catalogue.resolve(name)
    if found.alias is not None or found.model is not None:
        return found.id
    return _of_other_resources(found.id.lower()) or found.id.lower()


def _of_other_resources(name: str) -> str | None:
    from zhipu_openai.translate import embeddings  # noqa: PLC0415 - needed only for names that no chat has
    from zhipu_openai.translate.audio.names import MODEL_NAMES  # noqa: PLC0415 - likewise
    from zhipu_openai.translate.images.models import IMAGE_ALIASES  # noqa: PLC0415 - likewise
    from zhipu_openai.translate.videos.models import VIDEO_ALIASES  # noqa: PLC0415 - likewise

    patterns = [
        *((row.name, row.model) for row in embeddings.ALIASES),
        *((row.pattern, row.model) for row in IMAGE_ALIASES),
        *((row.pattern, row.model) for row in VIDEO_ALIASES),
        *((row.openai, row.zhipu) for row in MODEL_NAMES),
    ]
    return next((model for pattern, model in patterns if fnmatchcase(name, pattern)), None)
