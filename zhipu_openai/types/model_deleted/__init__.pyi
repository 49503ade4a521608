from openai.types.model_deleted import *
