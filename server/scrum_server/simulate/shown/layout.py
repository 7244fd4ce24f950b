"""The console and its tables as a simulation draws them: without boxes, so that they survive pipes and narrow terminals."""

from rich.console import Console, RenderableType
from rich.table import Table

WIDEST = 100


def a_console(*, quiet: bool = False) -> Console:
    console = Console(highlight=False, quiet=quiet)
    console.width = min(console.width, WIDEST)
    return console


def facts(*rows: tuple[str, RenderableType]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True, min_width=11)
    grid.add_column()
    for name, what in rows:
        grid.add_row(name, what)
    return grid


def table(title: str, *columns: str) -> Table:
    """A column that ends in `>` holds figures; the last two share the width that is left."""
    made = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for column in columns:
        wide = column in ("Title", "Why", "What happened")
        made.add_column(
            column.rstrip(">"),
            justify="right" if column.endswith(">") else "left",
            header_style="dim",
            no_wrap=not wide,
            ratio=1 if wide else None,
        )
    return made
