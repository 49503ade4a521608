from openai.types.file_create_params import *
