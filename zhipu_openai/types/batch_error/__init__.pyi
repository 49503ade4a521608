from openai.types.batch_error import *
