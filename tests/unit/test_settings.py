"""Settings: what is missing or malformed stops the boot with one clear line."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from app.settings import BadSetting, Settings

ROOT = Path(__file__).resolve().parents[2]
KEY = "k" * 42 + "w="
SEED = "dGltZWxpbmUga2V5IG9mIHRoZSB0ZXN0cyBvbmx5ISE="
SECRETS = {"SECRET_KEY": "s" * 32, "PII_KEYS": KEY, "TIMELINE_KEY": SEED}


def settings(root: Path, **environ: str) -> Settings:
    return Settings.from_environment({**SECRETS, **environ}, root)


def test_nothing_need_be_set_to_begin(tmp_path: Path) -> None:
    found = Settings.from_environment({}, tmp_path)
    assert found.database_url == f"sqlite:///{tmp_path}/instance/pakn.db"
    assert found.redis_url is None
    assert found.mail_url == "file://instance/mail"
    assert found.base_url == "http://127.0.0.1:8000"
    assert found.model_path == tmp_path / "instance" / "model.zip"
    assert (found.production, found.background, found.auto_route_precision) == (False, True, 0.95)


def test_settings_do_not_change(tmp_path: Path) -> None:
    with pytest.raises(FrozenInstanceError):
        settings(tmp_path).port = 1  # type: ignore[misc]


def test_secrets_are_made_at_the_first_start_and_kept(tmp_path: Path) -> None:
    first, second = (Settings.from_environment({}, tmp_path) for _ in range(2))
    assert (first.secret_key, first.pii_keys) == (second.secret_key, second.pii_keys)
    assert len(first.secret_key) >= 32
    for name in ("secret_key", "pii_keys"):
        assert (tmp_path / "instance" / name).stat().st_mode & 0o077 == 0, "nobody else reads them"
    assert sorted(path.name for path in (tmp_path / "instance").iterdir()) == ["pii_keys", "secret_key"]


def test_started_twice_at_once_they_are_still_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: Settings.from_environment({}, tmp_path), range(32)))
    assert len({(each.secret_key, each.pii_keys) for each in found}) == 1


@pytest.mark.parametrize("missing", ["SECRET_KEY", "PII_KEYS", "TIMELINE_KEY"])
def test_in_production_a_missing_secret_stops_the_boot(tmp_path: Path, missing: str) -> None:
    environ = {**SECRETS, "PAKN_MODE": "production"}
    assert Settings.from_environment(environ, tmp_path).production
    for value in ({}, {missing: ""}):
        with pytest.raises(BadSetting, match=f"^{missing} must be set in production$"):
            Settings.from_environment({k: v for k, v in environ.items() if k != missing} | value, tmp_path)
    assert not (tmp_path / "instance").exists(), "production makes up nothing"


def test_in_production_a_short_key_will_not_do(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="at least 32"):
        settings(tmp_path, PAKN_MODE="production", SECRET_KEY="s" * 31)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("postgresql://u:p@h:5432/d", "postgresql+psycopg://u:p@h:5432/d"),
        ("postgres://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://h/d?sslmode=require", "postgresql+psycopg://h/d?sslmode=require"),
        ("sqlite:////var/pakn.db", "sqlite:////var/pakn.db"),
        ("sqlite:///data/pakn.db", "sqlite:///{root}/data/pakn.db"),
    ],
)
def test_databases(tmp_path: Path, given: str, read: str) -> None:
    assert settings(tmp_path, DATABASE_URL=given).database_url == read.format(root=tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://h/d"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://h"),
        ("DATABASE_URL", "postgresql://h:port/d"),
        ("DATABASE_URL", "pakn.db"),
        ("REDIS_URL", "http://h"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "redis://h:port"),
        ("REDIS_URL", "localhost:6379"),
        ("MAIL_URL", "http://h"),
        ("MAIL_URL", "file://"),
        ("MAIL_URL", "smtp://h:99999999"),
        ("MAIL_URL", "smtp://[h"),
        ("FILES_URL", "ftp://h"),
        ("FILES_URL", "s3://"),
        ("BASE_URL", "pakn.example"),
        ("BASE_URL", "javascript:alert(1)"),
        ("PII_KEYS", "too short"),
        ("PII_KEYS", f"{KEY},x"),
        ("PII_KEYS", " , "),
        ("TIMELINE_KEY", "c2hvcnQ="),
        ("TIMELINE_KEY", f"{SEED[:-2]}*="),
        ("TIMELINE_KEY", "đ" * 44),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "８０００"),
        ("PORT", "http"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "10"),
        ("TRUSTED_PROXIES", "١"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
        ("AUTO_ROUTE_PRECISION", "1"),
        ("AUTO_ROUTE_PRECISION", "0.4"),
        ("AUTO_ROUTE_PRECISION", "nan"),
        ("AUTO_ROUTE_PRECISION", "95 %"),
        ("PAKN_MODE", "prod"),
        ("PAKN_BACKGROUND", "yes"),
    ],
)
def test_a_malformed_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"^{name} ") as refused:
        settings(tmp_path, **{name: value})
    assert "\n" not in str(refused.value)
    if name in ("PII_KEYS", "TIMELINE_KEY"):
        assert value.strip(" ,") not in str(refused.value) or not value.strip(" ,"), "secrets are not printed"


def test_keys_newest_first(tmp_path: Path) -> None:
    other = Fernet.generate_key().decode()
    assert settings(tmp_path, PII_KEYS=f" {other} ,\n{KEY}").pii_keys == (other, KEY)


def test_the_timeline_key_is_given_or_follows_from_the_secret(tmp_path: Path) -> None:
    assert settings(tmp_path).timeline_key == b"timeline key of the tests only!!"
    derived = [settings(tmp_path, TIMELINE_KEY="", SECRET_KEY=each * 32).timeline_key for each in "aab"]
    assert derived[0] == derived[1] != derived[2]
    assert all(len(each) == 32 and each != b"a" * 32 for each in derived)


def test_proxies_are_counted_and_none_is_trusted_unasked(tmp_path: Path) -> None:
    assert settings(tmp_path).trusted_proxies == 0
    assert settings(tmp_path, TRUSTED_PROXIES="2").trusted_proxies == 2


def test_an_address_ends_without_a_slash(tmp_path: Path) -> None:
    assert settings(tmp_path, BASE_URL="https://pakn.example/").base_url == "https://pakn.example"


def test_the_boot_ends_with_code_2_and_one_line() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env={"PORT": "many", "PAKN_BACKGROUND": "off"},
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "pakn: PORT must be a port number, not 'many'\n"
