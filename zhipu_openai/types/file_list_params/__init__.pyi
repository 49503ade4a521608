from openai.types.file_list_params import *
