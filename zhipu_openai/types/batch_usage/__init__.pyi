from openai.types.batch_usage import *
