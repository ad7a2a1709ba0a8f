"""The engine, compiled."""

__version__: str

def main(argv: list[str]) -> int:
    """Runs the command line `argv`, the first word of which is the name of the program, and returns the exit code.

    It writes to the standard streams of the process, not to `sys.stdout`, and releases the interpreter lock.
    """
