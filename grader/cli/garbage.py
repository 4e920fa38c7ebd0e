"""Most of what a command allocates stays, from its first import on: Python need not look through it often.

Imported before the commands are.
"""

from __future__ import annotations

import gc

OBJECTS = 200_000  # instead of 700, until Python looks through what is new
gc.set_threshold(OBJECTS)
