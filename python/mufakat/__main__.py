"""The command line, as `mufakat` and as `python -m mufakat`."""

import os
import signal
import sys
import sysconfig

from mufakat import _native


def main() -> int:
    """Runs the command line that this process was started with and returns its exit code."""
    # The program catches Ctrl-C while it plays and ends by it otherwise: Python shall do neither.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.main(["mufakat", *sys.argv[1:]], _script())


def _script() -> str:
    """The file that starts this command: the one that did, or where Python was asked for the module, the one that pip installed."""
    if os.path.basename(sys.argv[0]) == "__main__.py":
        return os.path.join(sysconfig.get_path("scripts"), "mufakat")
    return os.path.abspath(sys.argv[0])


if __name__ == "__main__":
    sys.exit(main())
