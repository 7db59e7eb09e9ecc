"""What gunicorn serves to the journeys: the application, on a clock that a test can move.

The file named by PAKN_TEST_CLOCK holds how many seconds that clock is ahead of the wall clock.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from app.clock import utc_now
from wsgi import app

AHEAD = Path(os.environ["PAKN_TEST_CLOCK"])


def moved_clock() -> datetime:
    """The time as the test wants it."""
    return utc_now() + timedelta(seconds=float(AHEAD.read_text("ascii")))


app.extensions["pakn_clock"] = moved_clock
