from openai.types.batch_create_params import *
