from openai.types.file_object import *
