"""The registry of models: which versions there are, what they can do, and which one is in service."""

import os
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import ModelVersion
from classifiers import Classifier, ModelFileError


def shelf(model_path: Path) -> Path:
    """The folder where every version's file is kept, beside the one in service."""
    return model_path.parent / "models"


def file_of(model_path: Path, version: str) -> Path:
    """Where the file of a version is kept."""
    return shelf(model_path) / f"{version}.zip"


def versions(session: Session) -> Sequence[ModelVersion]:
    """All versions, the latest trained first."""
    return session.scalars(
        select(ModelVersion).order_by(ModelVersion.trained_at.desc(), ModelVersion.version)
    ).all()


def in_service(session: Session) -> ModelVersion | None:
    """The version that was promoted last."""
    return session.scalars(
        select(ModelVersion)
        .where(ModelVersion.promoted_at.is_not(None))
        .order_by(ModelVersion.promoted_at.desc(), ModelVersion.version)
        .limit(1)
    ).first()


def admits(session: Session, model: Classifier) -> bool:
    """Whether a loaded model is, to the byte, the one that was put in service."""
    known = in_service(session)
    return known is not None and known.sha256 == model.digest


def enter(
    session: Session, model: Classifier, now: datetime, comparison: dict[str, Any] | None = None
) -> ModelVersion:
    """Enter a version, or a new file of a known one; what it did beside the champion of the day goes with it."""
    row = session.get(ModelVersion, model.version)
    if row is None or row.sha256 != model.digest:
        row = row or ModelVersion(version=model.version, promoted_at=None)
        row.sha256, row.trained_at = model.digest, now
    row.card = dict(model.card)
    row.decisions = int(model.card.get("decisions", 0))
    row.comparison = comparison
    session.add(row)
    session.flush()
    return row


def promote(session: Session, model_path: Path, version: str, now: datetime) -> ModelVersion:
    """Put a version into service: its file is copied to ``model_path`` at once or not at all.

    Raises :class:`Invalid` for a version that is not entered, or whose file is gone or not the one entered.
    """
    row = session.get(ModelVersion, version)
    if row is None:
        raise Invalid(version="not entered in the registry")
    kept = file_of(model_path, version)
    try:
        digest = Classifier.load(kept).digest
    except ModelFileError as error:
        raise Invalid(version=str(error)) from None
    if digest != row.sha256:
        raise Invalid(version="its file is not the one that was entered")
    _serve(session, row, now)
    _copy(kept, model_path)
    return row


def accept(session: Session, model_path: Path, model: Classifier, now: datetime) -> ModelVersion:
    """Take the model that lies at ``model_path`` as the one in service, and keep its file, to go back to later."""
    _copy(model_path, file_of(model_path, model.version))
    row = enter(session, model, now)
    _serve(session, row, now)
    return row


def _serve(session: Session, row: ModelVersion, now: datetime) -> None:
    """Put a version in service: later than all before it, even where the clock has been set back since."""
    before = in_service(session)
    last = before.promoted_at if before is not None else None
    row.promoted_at = now if last is None else max(now, last + timedelta(milliseconds=1))
    session.flush()


def _copy(source: Path, target: Path) -> None:
    """Copy through a temporary file beside the target, so that no reader sees half a model."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as half:
        try:
            with source.open("rb") as content:
                shutil.copyfileobj(content, half)
            half.flush()
            os.fsync(half.fileno())
            os.chmod(half.name, 0o644)
            os.replace(half.name, target)
        except BaseException:
            Path(half.name).unlink(missing_ok=True)
            raise
