"""Where servers and the ``flask`` command find the application."""

import os
import sys

from app import create_app
from app.configuration import ROOT
from app.settings import BadSetting, Settings

try:
    app = create_app(Settings.from_environment(os.environ, ROOT))
except BadSetting as error:
    print(f"pakn: {error}", file=sys.stderr)
    raise SystemExit(2) from None
