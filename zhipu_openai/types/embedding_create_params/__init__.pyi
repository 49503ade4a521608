from openai.types.embedding_create_params import *
