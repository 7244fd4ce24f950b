"""What the house asks of every file, and no linter holds."""

import tomllib
from pathlib import Path

MOST_LINES = 400

ROOT = Path(__file__).parent.parent
FOLDERS: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"][
    "files"
]


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
    }

    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}
