from openai.types.shared.metadata import *
