"""The documentation says what the program does."""

import json
import re
import runpy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from scrum.events import Event
from scrum_server.cli import main
from scrum_storage.store import Store
from tests.requirements import requirement
from tests.storage.messages import Taking, an_event, publish

ROOT = Path(__file__).parent.parent
GENERATOR = runpy.run_path(str(ROOT / "docs" / "generate.py"))
GENERATED: dict[Path, str] = GENERATOR["pages"]()
README = (ROOT / "README.md").read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Told(Event):
    loud: bool


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@requirement("tools.documented")
@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_generated_pages_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == GENERATED[path], "run `make docs`"


async def test_what_travels_of_every_event_is_documented(core: Store) -> None:
    taking = Taking()
    await publish(core, an_event(1))
    await core.outgoing.send(1, taking)

    ((one,),) = taking.batches
    assert list(json.loads(one.envelope)) == list(GENERATOR["TRAVELS"])


def test_an_event_whose_field_nobody_explains_is_refused() -> None:
    with pytest.raises(GENERATOR["Unexplained"], match="below loud of Told"):
        GENERATOR["_event"](Told)


def test_client_configurations_are_json() -> None:
    parsed: list[dict[str, Any]] = [json.loads(block) for block in blocks("json")]

    assert [list(one) for one in parsed] == [["mcpServers"], ["servers"]]


def test_every_command_in_the_readme_exists() -> None:
    named = set(re.findall(r"`scrum-mcp ([a-z-]+)", README))

    assert named
    assert named <= set(main.list_commands(click.Context(main)))


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {
        name for block in blocks("sh") for name in re.findall(r"^make ([a-z]+)", block, flags=re.MULTILINE)
    }

    assert {"demo", "test"} <= named
    assert all(re.search(rf"^{name}:", makefile, flags=re.MULTILINE) for name in named)


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
