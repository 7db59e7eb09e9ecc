"""The classifier in use: loaded when first needed, again when its file has changed, and never required."""

import logging
from pathlib import Path

from classifiers import Classifier, ModelFileError

log = logging.getLogger(__name__)
_loaded: dict[Path, tuple[tuple[int, int], Classifier | None]] = {}


def current_model(path: Path) -> Classifier | None:
    """The model at ``path``, or None, with a line in the log, where there is none or it does not verify.

    Without a model every petition goes to the desk; nothing waits for it.
    """
    try:
        stat = path.stat()
    except OSError:
        log.error("no model at %s: petitions go to the desk", path.name)
        return None
    stamp = (stat.st_mtime_ns, stat.st_size)
    known = _loaded.get(path)
    if known is None or known[0] != stamp:
        try:
            model = Classifier.load(path)
        except ModelFileError as error:
            log.error("the model is not used, petitions go to the desk: %s", error)
            model = None
        known = _loaded[path] = (stamp, model)
    return known[1]
