"""How gunicorn runs the service: two sync workers a core pair, loaded once and then forked."""

import os
import sys
from typing import Any

port = os.environ.get("PORT") or "8000"
if not port.isdigit():
    # gunicorn would take it for a host. The other settings are checked, in the same words, by the application.
    print(f"pakn: PORT must be a port number, not {port!r}", file=sys.stderr)
    raise SystemExit(2)
# The classifier's arithmetic is small: threads would only wait for one another, at several times the cost.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
bind = f"127.0.0.1:{port}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
preload_app = True
# The socket would be shared by every instance of the account, and nothing here uses it.
control_socket_disable = True
timeout = 60
graceful_timeout = 20
accesslog = None
errorlog = "-"


def post_fork(_server: Any, worker: Any) -> None:
    """Open fresh database connections in each worker, and let each run the schedule beside its requests."""
    from app.extensions import db
    from app.jobs.schedule import start_background
    from wsgi import app

    with app.app_context():
        db.engine.dispose(close=False)
    if app.extensions["pakn_settings"].background:
        worker.pakn_background = start_background(app)


def worker_exit(_server: Any, worker: Any) -> None:
    """Let what is under way in the background come to its end."""
    background = getattr(worker, "pakn_background", None)
    if background is not None:
        background.stop()
