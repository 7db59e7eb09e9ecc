"""Model files: what does not verify is refused with one clear line, and nothing in them is ever executed."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from classifiers import Classifier, ModelFileError
from classifiers.storage import write_model
from tests.unit.classifiers.tiny_corpus import Tiny


def refusal(path: Path) -> str:
    """Return the message with which `path` is refused."""
    with pytest.raises(ModelFileError) as caught:
        Classifier.load(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message


def rezipped(model: Path, to: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Copy a model member by member through `change`; None leaves a member out."""
    with zipfile.ZipFile(model) as source, zipfile.ZipFile(to, "w") as target:
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
    return to


def test_a_model_survives_the_file(tiny: Tiny, tmp_path: Path) -> None:
    again = Classifier.load(tiny.model)
    write_model(tmp_path / "copy", again.parts, again.version, again.card)
    assert (tmp_path / "copy").read_bytes() == tiny.model.read_bytes()
    assert list(tmp_path.iterdir()) == [tmp_path / "copy"]


def test_a_missing_file_and_a_directory_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none")
    assert "cannot be read" in refusal(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x05\x06" + bytes(18), pickle.dumps({"a": 1})])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model").write_bytes(content)
    assert "not a" in refusal(tmp_path / "model")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_model_is_refused(tiny: Tiny, tmp_path: Path, share: float) -> None:
    whole = tiny.model.read_bytes()
    (tmp_path / "model").write_bytes(whole[: int(len(whole) * share)])
    refusal(tmp_path / "model")


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_a_flipped_byte_is_refused(tiny: Tiny, tmp_path: Path, share: float) -> None:
    content = bytearray(tiny.model.read_bytes())
    content[int(len(content) * share)] ^= 0xFF
    (tmp_path / "model").write_bytes(content)
    refusal(tmp_path / "model")


@pytest.mark.parametrize("member", ["vocabulary.json", "settings.json", "arrays.npz"])
def test_an_altered_member_is_refused(tiny: Tiny, tmp_path: Path, member: str) -> None:
    path = rezipped(tiny.model, tmp_path / "m", lambda name, old: old + b" " if name == member else old)
    assert f"{member} was altered" in refusal(path)


@pytest.mark.parametrize("member", ["manifest.json", "vocabulary.json", "arrays.npz"])
def test_a_missing_member_is_refused(tiny: Tiny, tmp_path: Path, member: str) -> None:
    path = rezipped(tiny.model, tmp_path / "m", lambda name, old: None if name == member else old)
    assert "not a model file" in refusal(path)


def test_prettier_figures_in_the_manifest_are_refused(tiny: Tiny, tmp_path: Path) -> None:
    def boast(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        manifest = json.loads(content)
        manifest["card"]["figures"]["agency"]["top1"]["value"] = 0.123
        return json.dumps(manifest).encode()

    path = rezipped(tiny.model, tmp_path / "m", boast)
    assert "manifest was altered" in refusal(path)


def test_another_format_version_is_named(tiny: Tiny, tmp_path: Path) -> None:
    def later(name: str, content: bytes) -> bytes:
        return (
            content.replace(b'"format_version": 2', b'"format_version": 3')
            if name == "manifest.json"
            else content
        )

    assert "format version 3, this software reads 2" in refusal(rezipped(tiny.model, tmp_path / "m", later))


def test_pickled_arrays_are_refused_even_with_the_right_sums(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pickled(_: object) -> bytes:
        buffer = io.BytesIO()
        np.savez(buffer, idf=np.array([{"a": 1}], dtype=object), allow_pickle=True)
        return buffer.getvalue()

    monkeypatch.setattr("classifiers.storage._npz", pickled)
    write_model(tmp_path / "m", tiny.classifier.parts, "1-x", tiny.classifier.card)
    assert "content is not a model's" in refusal(tmp_path / "m")


def test_a_failed_write_leaves_the_old_model(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m"
    path.write_bytes(tiny.model.read_bytes())
    monkeypatch.setattr(
        "classifiers.storage.os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full"))
    )
    with pytest.raises(OSError, match="disk full"):
        write_model(path, tiny.classifier.parts, "1-x", tiny.classifier.card)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == tiny.model.read_bytes()
