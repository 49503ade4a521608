from openai.types.embedding_model import *
