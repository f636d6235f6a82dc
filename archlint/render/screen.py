"""Lines of styled text: joined as they are for a file or pipe, by rich for a terminal.

rich costs a run a tenth of a second of its start, so what goes to no terminal does without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from archlint.model.pattern import lazy_regex
from archlint.render.options import RenderOptions

if TYPE_CHECKING:
    from rich.text import Text

_LINK_ID = lazy_regex(r"\x1b\]8;id=[0-9-]+;")
"""rich numbers links at random; two runs must be equal."""
_NO_LIMIT = 100_000


class Span(NamedTuple):
    """A piece of text in one of rich's styles, which may be a link."""

    text: str
    style: str = ""
    link: str = ""


Part = str | Span | tuple[Span, ...]
"""What stands between two blanks of a line."""


class Screen(Protocol):
    """Collects lines."""

    def line(self, *parts: Part, indent: int = 0) -> None:
        """One line of parts with blanks between; continuation lines are indented."""

    def raw(self, *spans: Span) -> None:
        """A line that is cut, not wrapped (code)."""

    def text(self) -> str:
        """Everything so far, no trailing blanks."""


def screen(options: RenderOptions) -> Screen:
    """The screen that the options ask for."""
    return _Terminal(options) if options.colour or options.width else _Plain()


class _Plain:
    """Neither colour nor width."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def line(self, *parts: Part, indent: int = 0) -> None:
        found = " ".join("".join(span.text for span in _spans(part)) for part in parts)
        self._lines.append(" " * indent + found)

    def raw(self, *spans: Span) -> None:
        self._lines.append("".join(span.text for span in spans))

    def text(self) -> str:
        return "".join(line.rstrip() + "\n" for line in self._lines)


class _Terminal:
    """Wrapped to a width, coloured or plain."""

    def __init__(self, options: RenderOptions) -> None:
        import io

        from rich.console import Console

        self._out = io.StringIO()
        self._console = Console(
            file=self._out,
            width=options.width or _NO_LIMIT,
            force_terminal=options.colour,
            color_system="standard" if options.colour else None,
            no_color=not options.colour,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=not options.width,
        )

    def line(self, *parts: Part, indent: int = 0) -> None:
        from rich.text import Text

        text = Text(" ").join(_styled(_spans(part)) for part in parts)
        width = self._console.width
        if width >= _NO_LIMIT:
            self._console.print(Text(" " * indent) + text)
            return
        for number, row in enumerate(text.wrap(self._console, max(width - indent - 2, 20))):
            self._console.print(Text(" " * (indent + 2 * (number > 0))) + row)

    def raw(self, *spans: Span) -> None:
        self._console.print(_styled(spans), overflow="ellipsis", no_wrap=True, crop=True)

    def text(self) -> str:
        shown = _LINK_ID.sub("\x1b]8;;", self._out.getvalue())
        return "".join(line.rstrip() + "\n" for line in shown.splitlines())


def _spans(part: Part) -> tuple[Span, ...]:
    if isinstance(part, str):
        return (Span(part),)
    return (part,) if isinstance(part, Span) else part


def _styled(spans: tuple[Span, ...]) -> Text:
    from rich.style import Style
    from rich.text import Text

    pieces = []
    for span in spans:
        style = Style.parse(span.style) + Style(link=span.link) if span.link else span.style
        pieces.append(Text(span.text, style))
    return Text().join(pieces)


def cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
