"""A tool as the protocol sees it: a plain schema, strict arguments, readable errors, and answers in two forms."""

from collections.abc import Callable
from typing import Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import BaseModel, ValidationError

from scrum.errors import Invalid, ScrumError, Unavailable
from scrum.text import checked, choices, nearest, quoted
from scrum_tools.json import is_array, is_object
from scrum_tools.not_offered import marked
from scrum_tools.run import with_run
from scrum_tools.schema import brief, plain

_MOST_PROBLEMS = 12
_LONGEST_ECHO = 80
_DEEPEST = 12
_NEXT = "next"


class View(BaseModel):
    """An answer: structured content for programs, and a short text for models."""

    def text(self) -> str:
        raise NotImplementedError

    def structured(self) -> dict[str, Any]:
        """As JSON values; what is empty by default is left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


class UnknownArgument(Invalid):
    def __init__(self, given: list[str], known: list[str]) -> None:
        hint = nearest(given[0], known)
        super().__init__(
            f"There is no argument {choices(map(quoted, given))}.{hint} Arguments: {', '.join(known)}."
        )


class TooDeep(Invalid):
    def __init__(self, field: str) -> None:
        super().__init__(f"{_short(field)} is nested more than {_DEEPEST} levels deep.")


class ScrumTool(Tool):
    """Our tools differ from the SDK's in what callers read: schemas, errors and texts.

    `missing` are the names of tools that are not offered beside it.
    """

    missing: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        function: Callable[..., Any],
        annotations: ToolAnnotations,
        missing: frozenset[str] = frozenset(),
    ) -> Tool:
        tool = cls.from_function(with_run(function), annotations=annotations)
        tool.parameters = plain(tool.parameters)
        answers = {"output_schema": brief(tool.fn_metadata.output_schema or {})}
        tool.fn_metadata = tool.fn_metadata.model_copy(update=answers)
        tool.description = " ".join((function.__doc__ or "").split())
        return tool.model_copy(update={"missing": missing})

    async def run(
        self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False
    ) -> Any:
        """Raises ToolError with a text for the model; anything unexpected keeps the SDK's generic one."""
        try:
            given = {name: value for name, value in arguments.items() if value is not None}
            self._check(given)
            result = await super().run(given, context)
        except ScrumError as error:
            raise ToolError(self._told(error)) from error
        except ToolError as error:
            raise self._readable(error) from error.__cause__
        return _answered(result, self.missing) if convert_result else result

    def _check(self, arguments: dict[str, Any]) -> None:
        known = list(self.parameters.get("properties", {}))
        if unknown := [name for name in arguments if name not in known]:
            raise UnknownArgument(unknown, known)
        for name, value in arguments.items():
            _check_text(name, value)

    def _readable(self, error: ToolError) -> ToolError:
        cause = error.__cause__
        if isinstance(cause, ScrumError):
            return ToolError(self._told(cause))
        if isinstance(cause, ValidationError):
            return ToolError(self._told(Invalid(_problems(cause))))
        return error

    def _told(self, error: ScrumError) -> str:
        """Whether something was changed when a server was lost, only its own error knows."""
        writes = self.annotations is not None and not self.annotations.read_only_hint
        certain = writes and not isinstance(error, Unavailable)
        return f"{error}\nNothing was changed." if certain else str(error)


def _check_text(field: str, value: Any, depth: int = 0) -> None:
    """Refuse control characters wherever they hide. Raises UnsafeText or TooDeep."""
    if depth > _DEEPEST:
        raise TooDeep(field)
    if isinstance(value, str):
        checked(field, value)
    elif is_array(value):
        for position, one in enumerate(value):
            _check_text(f"{field}[{position}]", one, depth + 1)
    elif is_object(value):
        for name, one in value.items():
            checked(f"a name in {field}", name)
            _check_text(f"{field}.{_short(name)}", one, depth + 1)


def _problems(error: ValidationError) -> str:
    problems = error.errors(include_url=False)
    lines = [f"{_place(problem['loc'])}: {_what(problem)}" for problem in problems[:_MOST_PROBLEMS]]
    rest = len(problems) - len(lines)
    return "\n".join([*lines, f"and {rest} more"] if rest else lines)


def _place(location: tuple[int | str, ...]) -> str:
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{_short(part)}" for part in location)
    return words.removeprefix(".") or "arguments"


def _what(problem: Any) -> str:
    if problem["type"] == "missing":
        return "is required"
    if problem["type"] == "extra_forbidden":
        return "is no field here"
    message = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{message}; you gave {_short(repr(problem['input']))}"


def _short(text: str) -> str:
    return f"{text[:_LONGEST_ECHO]}…" if len(text) > _LONGEST_ECHO else text


def _answered(result: Any, missing: frozenset[str]) -> CallToolResult | InputRequiredResult:
    if isinstance(result, InputRequiredResult):
        return result
    view: View = result
    told, parts = marked(view.text(), missing), view.structured()
    if _NEXT in parts:
        parts[_NEXT] = marked(parts[_NEXT], missing)
    return CallToolResult(content=[TextContent(type="text", text=told)], structured_content=parts)
