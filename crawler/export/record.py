"""An article as plain data, for JSON and for tables."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from crawler.items import Article


def record(article: Article) -> dict[str, Any]:
    """Every field by its name, in the order of `Article`: text, numbers, lists and mappings; times in ISO 8601."""
    return {field.name: plain(getattr(article, field.name)) for field in fields(article)}


def plain(value: Any) -> Any:
    """`value` as JSON can hold it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value
