"""Ask servers on this machine: without a proxy, and with the patience of a busy one."""

import httpx2

from tests import patience

WEB = httpx2.Client(trust_env=False, timeout=patience.SECONDS)
