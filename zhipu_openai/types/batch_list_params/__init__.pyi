from openai.types.batch_list_params import *
