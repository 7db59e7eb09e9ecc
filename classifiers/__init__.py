"""From a text to its kind, topics and responsible agency, or an honest "ask a person"."""

from classifiers.corpus import CorpusError
from classifiers.model import Classification, Classifier, Scored
from classifiers.storage import ModelFileError
from classifiers.taxonomy import Topic, load_taxonomy
from classifiers.text import fold

__all__ = [
    "Classification",
    "Classifier",
    "CorpusError",
    "ModelFileError",
    "Scored",
    "Topic",
    "fold",
    "load_taxonomy",
]
