"""Shim until every importer says catalogue."""
from .catalogue import *
from .catalogue import MODELS, Model, find, resolve
