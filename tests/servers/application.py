"""The application and its queue workers as real processes, the way they run in production."""

from __future__ import annotations

import contextlib
import http.client
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import redis

from ._process import (
    LOOPBACK,
    PortTakenError,
    Process,
    clean_environment,
    free_port,
    temporary_directory,
    wait_until,
)

ROOT = Path(__file__).resolve().parents[2]
GUNICORN_CONFIG = Path("deploy") / "gunicorn.conf.py"
RQ_WORKERS_KEY = "rq:workers"


class Application:
    """The application, served by gunicorn; `application()` makes one."""

    def __init__(self, process: Process, port: int) -> None:
        self.process = process
        self.port = port

    @property
    def url(self) -> str:
        """The address of the application, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def log(self) -> str:
        """What the server has printed so far."""
        return self.process.log_text()


@contextlib.contextmanager
def application(
    environment: Mapping[str, str],
    *,
    workers: int = 2,
    options: Sequence[str] = (),
    target: str = "wsgi:app",
    directory: Path = ROOT,
    log: Path | None = None,
    ready_path: str = "/healthz",
    timeout: float = 60.0,
) -> Iterator[Application]:
    """Serve the application with gunicorn on a free port, wait for its health check, yield it.

    The process gets `environment` and nothing of this one's settings; PORT and BASE_URL are set to match
    unless given. The gunicorn configuration of `deploy/` applies where there is one; `options` are further
    gunicorn options. The log goes to `log`, or to a file that goes away at the end. Raises RuntimeError
    with the log if the server ends before it is ready.
    """
    with contextlib.ExitStack() as stack:
        file = log or stack.enter_context(temporary_directory("app")) / "log"
        process, port = _serve(environment, workers, options, target, directory, file, ready_path, timeout)
        stack.callback(process.stop)
        yield Application(process, port)


@contextlib.contextmanager
def worker_processes(
    command: Sequence[str],
    count: int,
    environment: Mapping[str, str],
    *,
    directory: Path = ROOT,
    logs: Path | None = None,
    timeout: float = 30.0,
) -> Iterator[list[Process]]:
    """Start `command` `count` times and yield the processes once all have registered with rq.

    Registration is awaited where `environment` has a REDIS_URL. Each process logs to `worker-N.log` in
    `logs`, or in a directory that goes away at the end.
    """
    with contextlib.ExitStack() as stack:
        place = logs or stack.enter_context(temporary_directory("rq"))
        before = _registered(environment)
        processes: list[Process] = []
        for number in range(1, count + 1):
            process = Process(
                f"worker {number}",
                command,
                log=place / f"worker-{number}.log",
                environment=clean_environment(**environment),
                directory=directory,
            )
            stack.callback(process.stop)
            processes.append(process)
        for process in processes:
            wait_until(
                lambda: "REDIS_URL" not in environment or len(_registered(environment) - before) >= count,
                f"{count} workers to register",
                timeout,
                process,
            )
        yield processes


def _serve(
    environment: Mapping[str, str],
    workers: int,
    options: Sequence[str],
    target: str,
    directory: Path,
    log: Path,
    ready_path: str,
    timeout: float,
) -> tuple[Process, int]:
    config = ["--config", str(GUNICORN_CONFIG)] if (directory / GUNICORN_CONFIG).exists() else []
    for left in reversed(range(3)):
        port = free_port()
        settings = {"PORT": str(port), "BASE_URL": f"http://{LOOPBACK}:{port}"} | dict(environment)
        process = Process(
            "gunicorn",
            [
                *(sys.executable, "-m", "gunicorn"),
                *config,
                *("--workers", str(workers)),
                *("--bind", f"{LOOPBACK}:{port}"),
                "--no-control-socket",  # its path is one for all instances of an account
                *options,
                target,
            ],
            log=log,
            environment=clean_environment(**settings),
            directory=directory,
        )
        try:
            wait_until(partial(_healthy, port, ready_path), f"{ready_path} to answer 200", timeout, process)
        except (RuntimeError, TimeoutError) as error:
            process.stop()
            if not left or "already in use" not in str(error).lower():
                raise
        else:
            return process, port
    raise PortTakenError("no port stayed free long enough")


def _healthy(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _registered(environment: Mapping[str, str]) -> set[bytes]:
    if "REDIS_URL" not in environment:
        return set()
    with contextlib.closing(redis.Redis.from_url(environment["REDIS_URL"])) as client:
        return set(client.sscan_iter(RQ_WORKERS_KEY))
