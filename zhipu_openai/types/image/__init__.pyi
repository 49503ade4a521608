from openai.types.image import *
