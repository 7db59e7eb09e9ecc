"""Writing the monthly satisfaction export: what it says, into files, whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.queries import monthly
from app.queries.monthly import MonthlyReport, NoData
from app.services import satisfaction_files
from workflows.monthly import BadMonth, Month

__all__ = ["FORMATS", "BadMonth", "ExportFailed", "NoData", "export_satisfaction", "satisfaction_export"]

FORMATS = tuple(satisfaction_files.WRITERS)
MANIFEST = "manifest.json"


class ExportFailed(Exception):
    """The files could not be written; the message says where and why."""


def export_satisfaction(
    session: Session,
    month: str,
    out: Path,
    now: datetime,
    *,
    as_of: datetime | None = None,
    formats: Sequence[str] = FORMATS,
) -> list[Path]:
    """Write the figures of ``month`` (``YYYY-MM``) into the folder ``out``, the manifest last. The paths written.

    Each file appears whole or not at all, and a run that fails leaves those of an earlier run as they are. Raises
    ``BadMonth``, ``NoData`` and :class:`ExportFailed`.
    """
    report = monthly.report(session, Month.parse(month), now, as_of)
    return _write(satisfaction_export(report, formats), out)


def satisfaction_export(report: MonthlyReport, formats: Sequence[str] = FORMATS) -> dict[str, bytes]:
    """The files of the export by name, the manifest last. Raises ``ValueError`` for an unknown format."""
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown or not formats:
        raise ValueError(f"formats are {', '.join(FORMATS)}, not {', '.join(unknown) or 'none'}")
    files = {
        f"satisfaction-{report.month}.{form}": satisfaction_files.WRITERS[form](report)
        for form in FORMATS
        if form in formats
    }
    return {**files, MANIFEST: satisfaction_files.manifest(report, files)}


def _write(files: dict[str, bytes], out: Path) -> list[Path]:
    """Write all beside their places first, so that what can fail fails before anything is replaced."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".satisfaction-", dir=out))
    except OSError as error:
        raise _failed(out, error) from error
    try:
        for name, content in files.items():
            _write_whole(beside / name, content)
        for name in files:
            os.replace(beside / name, out / name)
    except OSError as error:
        raise _failed(out, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return [out / name for name in files]


def _write_whole(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _failed(out: Path, error: OSError) -> ExportFailed:
    return ExportFailed(f"cannot write the export to {out}: {error.strerror or error}")
