from openai.types.file_chunking_strategy import *
