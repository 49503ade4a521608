from openai.types.file_chunking_strategy_param import *
