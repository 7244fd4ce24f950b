"""`scrum-mcp tick`."""

import sys

import click

from scrum_server.explained import JSON, explained


@click.command()
@JSON
@explained
def tick(as_json: bool) -> None:
    """Make due and deliver all ceremonies that are due now, once. Ends with 1 when one could not be.

    For a cron job, where no worker runs all the time; beside workers it does no harm.
    """
    from scrum_server.ceremonies.commands import tick_now
    from scrum_server.settings import read_settings

    if not tick_now(read_settings(), as_json=as_json):
        sys.exit(1)
