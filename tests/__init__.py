"""The tests. What they keep for later starts lies in a folder of this run, not in the user's."""

import atexit
import os
import shutil
import tempfile

if "GEO_CACHE_DIR" not in os.environ:
    # Processes that are started from here, those of pytest-xdist too, find it set.
    os.environ["GEO_CACHE_DIR"] = tempfile.mkdtemp(prefix="kart-cache-")
    atexit.register(shutil.rmtree, os.environ["GEO_CACHE_DIR"], ignore_errors=True)
