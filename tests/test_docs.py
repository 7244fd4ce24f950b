"""The documentation says what the program does."""

import json
import re
import runpy
from pathlib import Path
from typing import Any

import click
import pytest

from scrum_server.cli import main
from tests.requirements import requirement

ROOT = Path(__file__).parent.parent
GENERATED: dict[Path, str] = runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@requirement("tools.documented")
@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_generated_pages_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == GENERATED[path], "run `make docs`"


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
