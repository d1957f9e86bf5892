"""What of the program's progress a fit shows."""

import sys
import time

PATIENCE = 10  # seconds of training after which a person at a terminal wants to know


class Progress:
    """Shows the lines it is called with. verbose: True all of them, False none; None: where there is a terminal, from
    the tenth second on, and then those before as well."""

    def __init__(self, verbose):
        self._is_shown = sys.stdout.isatty() if verbose is None else bool(verbose)
        self._starts = time.monotonic() + (PATIENCE if verbose is None else 0)
        self._held = []

    def __call__(self, line):
        if not self._is_shown:
            return
        self._held.append(line)
        if time.monotonic() >= self._starts:
            print("".join(self._held), end="", flush=True)
            self._held.clear()
