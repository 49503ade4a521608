from openai.types.image_model import *
