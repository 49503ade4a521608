from openai.types.file_purpose import *
