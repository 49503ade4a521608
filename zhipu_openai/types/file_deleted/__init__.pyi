from openai.types.file_deleted import *
