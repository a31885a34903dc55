"""Small steps that turn a body container into clean blocks, and the tuples that order them."""

from collections.abc import Callable

from crawler.body import Body
from crawler.cleaning.blocks import flatten
from crawler.cleaning.drops import (
    drop_code,
    drop_hidden,
    drop_share_bars,
    drop_widgets,
    take_site_junk,
    unwrap_site_terms,
)
from crawler.cleaning.head import drop_repeated_title, take_head_lines
from crawler.cleaning.images import resolve_images, set_captions
from crawler.cleaning.render import images_of, render_html, render_texts
from crawler.cleaning.tail import (
    take_back_links,
    take_credits,
    take_disclaimers,
    take_head_tools,
    take_prompts,
    take_related,
    take_share_link,
)
from crawler.cleaning.words import word_count

__all__ = [
    "BODY_STEPS",
    "HEAD_STEPS",
    "TAIL_STEPS",
    "Step",
    "clean_body",
    "images_of",
    "render_html",
    "render_texts",
    "strip_tail",
    "word_count",
]

Step = Callable[[Body], None]

BODY_STEPS: tuple[Step, ...] = (
    take_site_junk,
    unwrap_site_terms,
    resolve_images,
    drop_code,
    drop_hidden,
    drop_widgets,
    drop_share_bars,
    flatten,
    set_captions,
)
TAIL_STEPS: tuple[Step, ...] = (
    take_back_links,
    take_share_link,
    take_credits,
    take_disclaimers,
    take_prompts,
    take_related,
)
HEAD_STEPS: tuple[Step, ...] = (take_head_tools, drop_repeated_title, take_head_lines)
"""After the tail is gone: a flash may hold nothing but its title, and must not be left empty."""

_MOST_TAIL_LINES = 40


def clean_body(body: Body) -> None:
    """Everything but the article's own blocks, out; what is left is flat."""
    for step in BODY_STEPS:
        step(body)


def strip_tail(body: Body) -> None:
    """Footer lines, from the end upwards until no step applies; then the lines above the text."""
    for _ in range(_MOST_TAIL_LINES):
        before = len(body.removed)
        for step in TAIL_STEPS:
            step(body)
        if len(body.removed) == before:
            break
    for step in HEAD_STEPS:
        step(body)
