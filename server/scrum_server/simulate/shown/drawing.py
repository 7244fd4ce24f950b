"""The plots of a simulation in one SVG file, drawn as in the terminal."""

import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from scrum_server.simulate.game.played import Closed
from scrum_server.simulate.invented.course import MARK
from scrum_server.simulate.shown.burndown import plot
from scrum_server.simulate.shown.layout import WIDEST
from scrum_server.simulate.shown.outcome import comparison

_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def write_plots(file: Path, rounds: Sequence[Closed]) -> None:
    console = Console(record=True, file=StringIO(), width=WIDEST, force_terminal=True)
    for one in rounds:
        console.print(Text(f"{one.sprint.sprint}, remaining points at the end of each working day", "bold"))
        console.print(plot(one.sprint.burndown), "")
    console.print(comparison(rounds))
    drawn = console.export_svg(title=f"scrum-mcp simulate: {MARK}")
    file.write_text(_without_foreign_fonts(drawn), encoding="utf-8")


def _without_foreign_fonts(svg: str) -> str:
    """Whoever opens the file should not have to ask another server."""
    return _FONTS.sub("", svg)
