"""Real servers for tests: each a context manager that starts one on a free loopback port.

Everything lives in temporary directories and ends with the block, with the test run, or, if the test run
itself is killed, right after it. What cannot run on this machine raises `Unavailable` with the reason;
`tests.availability` turns that into a visible skip, or into a failure where CI=true.
"""

from ._process import Process, Unavailable, clean_environment, free_port, port_answers, wait_until
from .application import Application, application, worker_processes
from .browser import chromium, find_chromium, launch_chromium
from .mail import MailServer, ReceivedMail, mail_server
from .postgresql import PostgreSQL, create_database, drop_database, postgresql
from .redis_server import RedisServer, redis_server

__all__ = [
    "Application",
    "MailServer",
    "PostgreSQL",
    "Process",
    "ReceivedMail",
    "RedisServer",
    "Unavailable",
    "application",
    "chromium",
    "clean_environment",
    "create_database",
    "drop_database",
    "find_chromium",
    "free_port",
    "launch_chromium",
    "mail_server",
    "port_answers",
    "postgresql",
    "redis_server",
    "wait_until",
    "worker_processes",
]
