"""``python -m revops_site.embedded FOLDER``: stop the server of a folder and remove its data."""

import sys
from pathlib import Path

from revops_site.embedded import server

try:
    server.remove(Path(sys.argv[1]))
except RuntimeError as problem:
    sys.exit(str(problem))
