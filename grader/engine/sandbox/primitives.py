"""The steps of confinement that a machine may allow or not, by their names for people."""

from __future__ import annotations

PRIVILEGED, NAMESPACES, TREE, PROC = "namespaces as root", "namespaces", "own file tree", "own /proc"
FILTER, LANDLOCK, SIGNALS = "system-call filter", "landlock", "landlock for signals"
OWN_USER, OPEN_WAY = "own user ids", "interpreter open to other users"
