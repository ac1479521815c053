"""Lets a process that a test starts live at the test's time; Python reads this at its start."""

import os
import time

import time_machine

time_machine.travel(time.time() + float(os.environ["TEST_CLOCK_AHEAD"])).start()
