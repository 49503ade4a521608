from .models import *  # noqa
from .models import MODELS, find, resolve, effort_for, Model
