"""The command line, as `mufakat` and as `python -m mufakat`."""

import signal
import sys

from mufakat import _native


def main() -> int:
    """Runs the command line that this process was started with and returns its exit code."""
    # The program catches Ctrl-C while it plays and ends by it otherwise: Python shall do neither.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.main(["mufakat", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
