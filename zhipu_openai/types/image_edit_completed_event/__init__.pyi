from openai.types.image_edit_completed_event import *
