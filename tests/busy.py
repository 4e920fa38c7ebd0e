"""Work that does not end by itself: in Python, and inside one C function."""

import time


def spin(seconds):
    """Compute for so many CPU seconds."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def endless():
    """A number of so many digits that one C function works at it for hours, and hears no signal."""
    return 3 ** (1 << 36)
