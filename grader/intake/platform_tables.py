"""The tables that platforms put beside submissions: who sent which, and when. Bounded, plain values only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import yaml

from grader.intake.contents import FileRefused, Member

TABLES = ("submission_metadata.yml", "classroom_roster.csv")


def table_of(tables: list[Member], name: str) -> Member | None:
    """The platform's own table: at the top, or in the one folder there."""
    own = [table for table in tables if table.path.split("/")[-1] == name and table.path.count("/") < 2]
    return min(own, key=lambda table: table.path.count("/"), default=None)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Plain values, without `<<`: a few lines of merges that merge merges are millions of entries."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        if any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value):
            raise yaml.YAMLError("a merge key")


def yaml_of(member: Member) -> Any:
    try:
        return yaml.load(content(member), Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def content(member: Member) -> bytes:
    try:
        return member.read()
    except FileRefused:
        return b""


def mapping(value: Any) -> dict:
    return value if isinstance(value, dict) else {}


def utc(value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
