"""Each server the suite relies on starts, does one real thing, and does not outlive the test run."""

from __future__ import annotations

import contextlib
import http.client
import signal
import smtplib
import subprocess
import sys
import textwrap
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
import redis

from tests import servers

ROOT = Path(__file__).resolve().parents[2]
A_MOMENT = 15.0


def test_postgresql_knows_vietnamese_letters_and_copies_databases() -> None:
    with servers.postgresql() as server:
        assert server.url.startswith("postgresql+psycopg://")
        with _connect(server.url) as connection:
            assert f"PostgreSQL {server.version}" in str(connection.execute("SELECT version()").fetchone())
            assert server.version >= 14
            connection.execute("CREATE EXTENSION unaccent; CREATE EXTENSION pg_trgm")
            row = connection.execute("SELECT lower('ĐỘ'), unaccent('Đổi mới')").fetchone()
            assert row == ("độ", "Doi moi")
            connection.execute("CREATE TABLE letter (text text)")
        copy = server.create_database("worker_1", template="pakn")
        assert copy == server.create_database("worker_1", template="pakn"), "it is made anew"
        with _connect(copy) as connection:
            assert connection.execute("SELECT count(*) FROM letter").fetchone() == (0,)
        server.kill()
        server.start()
        with _connect(copy) as connection:
            assert connection.execute("SELECT count(*) FROM letter").fetchone() == (0,)
        server.drop_database("worker_1")
    assert not servers.port_answers(server.port)


def test_redis_answers_and_keeps_what_it_should() -> None:
    with servers.redis_server(durable=True) as server, contextlib.closing(_client(server)) as client:
        assert client.ping()
        client.set("word", "kept")
        server.stop()
        assert not servers.port_answers(server.port)
        server.start()
        assert client.get("word") == b"kept"
    assert not servers.port_answers(server.port)


def test_mail_is_received_and_refused_as_told() -> None:
    with servers.mail_server() as server:
        _send(server, "Phiếu tiếp nhận")
        (mail,) = server.wait_for(1)
        assert (mail.sender, mail.recipients) == ("desk@example.vn", ("dan@example.vn",))
        assert (mail.subject, mail.text.strip()) == ("Phiếu tiếp nhận", "Đã nhận phản ánh.")
        with server.refusing(), pytest.raises(smtplib.SMTPRecipientsRefused):
            _send(server, "bị từ chối")
        with server.failing(), pytest.raises(smtplib.SMTPDataError, match=r"4\.3\.0"):
            _send(server, "thử lại sau")
        with server.down(), pytest.raises(ConnectionRefusedError):
            _send(server, "không có máy chủ")
        assert server.refused == 2
        _send(server, "lần sau")
        assert [mail.subject for mail in server.wait_for(2)] == ["Phiếu tiếp nhận", "lần sau"]


def test_chromium_opens_a_page() -> None:
    with servers.chromium() as browser:
        page = browser.new_page()
        page.goto("data:text/html;charset=utf-8,<title>Phản ánh</title><h1>Kiến nghị</h1>")
        assert page.title() == "Phản ánh"
        assert page.inner_text("h1") == "Kiến nghị"


def test_an_application_is_served_and_its_log_kept(tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text(
        textwrap.dedent("""
            import os
            def app(environ, start_response):
                print("asked for", environ["PATH_INFO"], flush=True)
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [os.environ["BASE_URL"].encode()]
        """),
        encoding="utf-8",
    )
    log = tmp_path / "log"
    with servers.application(
        {"SETTING": "1"}, target="tiny:app", directory=tmp_path, log=log, workers=2
    ) as served:
        assert _get(served.port) == served.url
        assert served.url.endswith(f":{served.port}")
        assert "asked for /healthz" in served.log
        assert len(served.process.family()) >= 2, "a master and its workers"
    assert not served.process.running
    assert not served.process.family()
    assert "asked for /healthz" in log.read_text(encoding="utf-8")


def test_an_application_that_cannot_boot_shows_its_log(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text('raise ValueError("no SECRET_KEY given")\n', encoding="utf-8")
    with (
        pytest.raises(RuntimeError, match="no SECRET_KEY given"),
        servers.application({}, target="broken:app", directory=tmp_path),
    ):
        pass


def test_queue_workers_register_and_end() -> None:
    with servers.redis_server() as server:
        command = [sys.executable, "-m", "rq.cli", "worker", "--url", server.url]
        with servers.worker_processes(command, 2, {"REDIS_URL": server.url}) as workers:
            assert all(worker.running for worker in workers)
            assert len({worker.pid for worker in workers}) == 2
        assert not any(worker.running for worker in workers)


def test_servers_end_when_the_test_run_is_killed() -> None:
    program = textwrap.dedent("""
        import sys
        from tests import servers
        try:
            with servers.redis_server() as cache, servers.postgresql() as database:
                print(cache.port, database.port, cache.log.parent, database.log.parent, flush=True)
                sys.stdin.read()
        except servers.Unavailable as reason:
            print("Unavailable", reason, flush=True)
    """)
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        words = run.stdout.readline().split()
        run.send_signal(signal.SIGKILL)
    if words[0] == "Unavailable":
        raise servers.Unavailable(" ".join(words[1:]))
    ports, directories = [int(word) for word in words[:2]], [Path(word) for word in words[2:]]
    servers.wait_until(
        lambda: not any(map(servers.port_answers, ports)) and not any(path.exists() for path in directories),
        "the servers of a killed test run to end",
        A_MOMENT,
    )


def _connect(url: str) -> contextlib.closing[psycopg.Connection]:
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    return contextlib.closing(psycopg.connect(plain, autocommit=True))


def _client(server: servers.RedisServer) -> redis.Redis:
    return redis.Redis.from_url(server.url)


def _send(server: servers.MailServer, subject: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "desk@example.vn", "dan@example.vn", subject
    message.set_content("Đã nhận phản ánh.")
    with smtplib.SMTP("127.0.0.1", server.port, timeout=10) as connection:
        connection.send_message(message)


def _get(port: int) -> str:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/")
        return connection.getresponse().read().decode()
