"""The model file: a zip of JSON and NumPy arrays with a manifest of SHA-256 sums. Nothing in it is executed.

The sums find damage and careless edits; they are no signature against someone who rewrites the whole file.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifiers.corpus import KINDS, SUBMITTER_KINDS
from classifiers.features import Vocabulary
from classifiers.heads import AgencyCalibration, AgencyPool, Calibration, Context, LinearHead
from classifiers.parts import Parts, Thresholds

FORMAT_VERSION: Final = 2
_MANIFEST: Final = "manifest.json"
_MEMBERS: Final = ("vocabulary.json", "settings.json", "arrays.npz")
_HEADS: Final = ("kind", "topics", "agency", "flags")
_LARGEST_MEMBER: Final = 256 * 1024 * 1024


class ModelFileError(Exception):
    """A model file that is missing, damaged, altered or of another format; the message is one line."""


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A verified model file's content."""

    parts: Parts
    version: str
    card: Mapping[str, Any]
    digest: str


def write_model(path: Path, parts: Parts, version: str, card: Mapping[str, Any]) -> None:
    """Write the model to `path` at once or not at all; the same model gives the same bytes."""
    members = {
        "vocabulary.json": _json(list(parts.vocabulary.index)),
        "settings.json": _json(_settings(parts)),
        "arrays.npz": _npz(_arrays(parts)),
    }
    manifest: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "model_version": version,
        "card": dict(card),
        "sha256": {name: _digest(content) for name, content in members.items()},
    }
    manifest["manifest_sha256"] = _digest(_json(manifest))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {_MANIFEST: _json(manifest), **members}.items():
            # A ZipInfo made by hand is dated 1980: the date of the run must not change the bytes.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    _replace(path, buffer.getvalue())


def read_model(path: Path) -> StoredModel:
    """Return the model in `path`; raises ModelFileError where it is missing or does not verify."""
    try:
        manifest, members = _verified_members(path)
        index = {str(term): column for column, term in enumerate(json.loads(members["vocabulary.json"]))}
        settings = json.loads(members["settings.json"])
        with np.load(io.BytesIO(members["arrays.npz"]), allow_pickle=False) as arrays:
            parts = _parts(index, settings, dict(arrays))
        return StoredModel(parts, str(manifest["model_version"]), manifest["card"], _digest(_json(manifest)))
    except ModelFileError:
        raise
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be read ({error.strerror or type(error).__name__})") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelFileError(f"{path}: not a whole model file ({type(error).__name__})") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelFileError(f"{path}: content is not a model's ({type(error).__name__})") from error


def _verified_members(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the manifest and the other members, all sums checked."""
    with zipfile.ZipFile(path) as archive:
        if sorted(archive.namelist()) != sorted((_MANIFEST, *_MEMBERS)):
            raise ModelFileError(f"{path}: not a model file (members {', '.join(archive.namelist()[:5])})")
        if any(info.file_size > _LARGEST_MEMBER for info in archive.infolist()):
            raise ModelFileError(f"{path}: a member is larger than a model's can be")
        manifest = json.loads(archive.read(_MANIFEST))
        members = {name: archive.read(name) for name in _MEMBERS}
    if manifest.get("format_version") != FORMAT_VERSION:
        raise ModelFileError(
            f"{path}: format version {manifest.get('format_version')!r}, this software reads {FORMAT_VERSION}"
        )
    stated = manifest.pop("manifest_sha256", None)
    if stated != _digest(_json(manifest)):
        raise ModelFileError(f"{path}: manifest was altered (SHA-256 does not match)")
    for name, content in members.items():
        if manifest["sha256"].get(name) != _digest(content):
            raise ModelFileError(f"{path}: {name} was altered (SHA-256 does not match)")
    return manifest, members


def _settings(parts: Parts) -> dict[str, Any]:
    return {
        "labels": {name: getattr(parts, name).labels for name in _HEADS},
        "pool": {"weights": parts.pool.weights},
        "topic_calibration": asdict(parts.topic_calibration),
        "agency_calibration": asdict(parts.agency_calibration),
        "thresholds": asdict(parts.thresholds),
    }


def _arrays(parts: Parts) -> dict[str, NDArray[np.float32]]:
    arrays = {
        "idf": parts.vocabulary.idf,
        "table": parts.pool.table,
        "by_kind": parts.pool.context.by_kind,
        "by_submitter": parts.pool.context.by_submitter,
    }
    for name in _HEADS:
        head: LinearHead = getattr(parts, name)
        arrays |= {f"{name}_weights": head.weights, f"{name}_bias": head.bias}
    return arrays


def _parts(index: dict[str, int], settings: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Parts:
    """Rebuild the parts; ValueError where shapes do not fit together or a number is not finite."""
    heads = {
        name: LinearHead(
            tuple(settings["labels"][name]),
            _checked(arrays, f"{name}_weights", (len(index), len(settings["labels"][name]))),
            _checked(arrays, f"{name}_bias", (len(settings["labels"][name]),)),
        )
        for name in _HEADS
    }
    agencies, topics = heads["agency"].labels, heads["topics"].labels
    thresholds = settings["thresholds"]
    route = thresholds["route"]
    return Parts(
        vocabulary=Vocabulary(index, _checked(arrays, "idf", (len(index),))),
        pool=AgencyPool(
            agencies,
            _checked(arrays, "table", (len(topics), len(agencies))),
            Context(
                _checked(arrays, "by_kind", (len(KINDS), len(agencies))),
                _checked(arrays, "by_submitter", (len(SUBMITTER_KINDS), len(agencies))),
            ),
            _weights(settings["pool"]["weights"]),
        ),
        topic_calibration=Calibration(**settings["topic_calibration"]),
        agency_calibration=AgencyCalibration(
            Calibration(**settings["agency_calibration"]["first"]),
            Calibration(**settings["agency_calibration"]["others"]),
        ),
        thresholds=Thresholds(
            None if route is None else float(route),
            float(thresholds["legal"]),
            float(thresholds["topic"]),
            tuple(float(item) for item in thresholds["flags"]),
        ),
        **heads,
    )


def _weights(values: Any) -> tuple[float, float, float, float]:
    direct, by_table, kind, submitter = (float(value) for value in values)
    return direct, by_table, kind, submitter


def _checked(arrays: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    array = arrays[name]
    if array.shape != shape or array.dtype != np.float32 or not np.isfinite(array).all():
        raise ValueError(f"{name} has shape {array.shape}, type {array.dtype}")
    return np.ascontiguousarray(array)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False, indent=1).encode("utf-8")


def _npz(arrays: Mapping[str, NDArray[np.float32]]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _replace(path: Path, content: bytes) -> None:
    """Put `content` at `path` through a temporary file beside it, so that no reader sees half a model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes the file private to the user who trained; others serve from it.
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
