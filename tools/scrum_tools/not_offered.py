"""What answers say to do next, where it names tools that callers do not have."""

import re
from collections.abc import Set as AbstractSet

_NEXT = re.compile(r"(?:^|(?<=\. ))Next: .*", re.MULTILINE)
"""Where a sentence begins: within quotes it is what people wrote."""
_NAME = re.compile(r"[a-z]+_[a-z]+")


def marked(text: str, missing: AbstractSet[str]) -> str:
    """Each next step says which of its tools are missing."""
    return _NEXT.sub(lambda found: _marked(found[0], missing), text) if missing else text


def not_offered(step: str, missing: AbstractSet[str]) -> str:
    """In brackets after a space; empty where all are offered."""
    named = dict.fromkeys(name for name in _NAME.findall(step) if name in missing)
    return f" (not offered here: {', '.join(named)})" if named else ""


def _marked(step: str, missing: AbstractSet[str]) -> str:
    if "(not offered here: " in step:
        return step
    return f"{step.removesuffix('.')}{told}." if (told := not_offered(step, missing)) else step
