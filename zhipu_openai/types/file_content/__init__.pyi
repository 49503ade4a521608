from openai.types.file_content import *
