"""What commands have in common."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from scrum.errors import ScrumError

P = ParamSpec("P")
JSON = click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")


def explained(command: Callable[P, None]) -> Callable[P, None]:
    """Our own errors end a command with their text and status 1, without a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except ScrumError as error:
            click.echo(f"scrum-mcp: {error}", err=True)
            sys.exit(1)

    return run
