from openai.types.batch import *
