"""Run OpenAI-SDK code on Zhipu AI's GLM models by changing one import line.

``from zhipu_openai import OpenAI`` gives OpenAI's client on Zhipu; ``import zhipu_openai as openai`` stands in
for the whole openai package. What is here, and with which types, is declared in ``__init__.pyi``.
"""

from ._mirror import attribute as __getattr__
from ._mirror import install
from ._mirror import listed as __dir__

install()
del install
