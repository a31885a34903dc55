"""Amounts as people write them on a command line."""

import re
from argparse import ArgumentTypeError
from typing import Final

_SIZES: Final = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def size(text: str) -> int:
    """`500M`, `10G`: bytes, in powers of 1024."""
    if (match := re.fullmatch(r"(\d+)\s*([KMGT]?)(?:I?B)?", text.strip().upper())) is None:
        raise ArgumentTypeError(f"{text!r} is no size; write 500M or 10G")
    return int(match[1]) * _SIZES[match[2]]


def share(text: str) -> float:
    """`0.5%` or `0.005`."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", text.strip())
    value = float(match[1]) / (100 if match[2] else 1) if match else -1.0
    if not 0 <= value <= 1:
        raise ArgumentTypeError(f"{text!r} is no share; write 0.5%")
    return value
