"""How a script ends: by itself, by an error that its user reads in a line, or stopped."""

import signal
import subprocess
import sys


class Failure(Exception):
    """What went wrong, in a line."""


def run(main):
    """Calls `main`, and exits with what its errors say. SIGTERM is as Ctrl-C: what is under way is ended, then 130."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: {' '.join(map(str, error.cmd))}: exit status {error.returncode}")
    except (Failure, OSError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
