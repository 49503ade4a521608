"""Run OpenAI-SDK code on Zhipu AI's GLM models by changing one import line.

``from zhipu_openai import OpenAI`` gives OpenAI's client on Zhipu; ``import zhipu_openai as openai`` stands in
for the whole openai package. What is here, and with which types, is declared in ``__init__.pyi``.
"""

from . import _mirror

__getattr__ = _mirror.attribute
__dir__ = _mirror.listed
_mirror.install()
