from openai.types.image_edit_partial_image_event import *
