"""A YAML file as a strict model: every problem named at once, with its line and "did you mean"."""

from __future__ import annotations

from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from crmlib import yaml_text
from crmlib.errors import ConfigError, Problem, did_you_mean

Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], tree: Any, document: yaml_text.Document, name: str) -> Model:
    """A tree as a model.

    Args:
        model: What it must be.
        tree: The file's content.
        document: The file with the lines of its keys.
        name: The file's name, for messages.

    Raises:
        ConfigError: every problem at once, with line and "did you mean".
    """
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        broken = {detail["loc"][:i] for detail in details for i in range(len(detail["loc"]))}
        details = [d for d in details if not (d["type"] == "too_short" and d["loc"] in broken)]  # its items are named
        problems = [_problem(detail, document, model, name) for detail in details]
        raise ConfigError(sorted(problems, key=_line)) from None


def _line(problem: Problem) -> int:
    return int(problem.where.rpartition(" ")[2])


def _problem(detail: Any, document: yaml_text.Document, model: type[BaseModel], name: str) -> Problem:
    loc = tuple(detail["loc"])
    key = ".".join(str(part) for part in loc) or "the file"
    where = f"{name} line {document.line(loc)}"
    if detail["type"] == "extra_forbidden":
        return Problem(
            f"'{key}' is not a setting", where, hint=did_you_mean(str(loc[-1]), _known_keys(model, loc[:-1]))
        )
    if detail["type"] == "missing":
        return Problem(f"'{key}' is missing", where, "a value: it is always given")
    if detail["type"] == "value_error":
        return Problem(f"{key}: {detail['msg'].removeprefix('Value error, ')}", where)
    given = "" if isinstance(detail["input"], dict | list) else f" (given: '{detail['input']}')"
    return Problem(f"{key}: {detail['msg']}{given}", where)


def _known_keys(root: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    model: Any = root
    for part in path:
        if isinstance(part, str):
            model = _model_in(model.model_fields[part].annotation) if model and part in model.model_fields else None
    return list(model.model_fields) if model else []


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_in(arg))), None)
