"""What one process uses, as /proc tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProcessUse:
    """One process: its session, its state (a letter of /proc), tasks, resident memory with shared pages,
    CPU time with that of collected children, and whether it asked for less of that than we get."""

    number: int
    session: int
    state: str
    tasks: int
    resident_mb: float
    cpu_seconds: float
    humble: bool

    @property
    def alive(self) -> bool:
        return self.state not in "ZX"

    @property
    def stopped(self) -> bool:
        return self.state in "Tt"

    @property
    def busy(self) -> bool:
        """It computes, or would if a processor were free, or waits for a disk."""
        return self.state in "RD" and not self.humble
