"""Turns a shape error into problems a civil servant can mend: where, what, what is allowed."""

from __future__ import annotations

import difflib
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError

from knowledge_base.errors import Problem
from knowledge_base.yaml_lines import Document, Location


def problems_of(
    error: ValidationError, model: type[BaseModel], document: Document, prefix: Location = ()
) -> list[Problem]:
    """One problem for each thing pydantic found; a field that does not exist gets the nearest."""
    found = []
    for detail in error.errors():
        location: Location = detail["loc"]
        message = detail["msg"].removeprefix("Value error, ")
        if detail["type"] == "extra_forbidden":
            message = _unknown_field(str(location[-1]), _model_at(model, location[:-1]))
        elif detail["type"] == "missing":
            holder = _model_at(model, location[:-1])
            message = f"{_article(holder)} needs '{location[-1]}', which is missing"
        elif location:
            value = repr(detail.get("input"))
            message = f"'{location[-1]}': {message} (found {value[:60]})"
        found.append(document.problem(_in_file(prefix + location, document), message))
    return found


def _unknown_field(name: str, holder: type[BaseModel] | None) -> str:
    fields = [f.alias or n for n, f in holder.model_fields.items()] if holder else []
    near = difflib.get_close_matches(name, fields, 1)
    hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(fields)}"
    return f"'{name}' is not a field of {_article(holder)}; {hint}"


def _article(model: type[BaseModel] | None) -> str:
    name = model.__name__.lower() if model else "this"
    return name if model is None else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _in_file(location: Location, document: Document) -> Location:
    """`location` without the names of union members, which pydantic adds."""
    cleaned: Location = ()
    for part in location:
        if (*cleaned, part) in document.lines:
            cleaned = (*cleaned, part)
    return cleaned


def _model_at(annotation: Any, location: Location) -> type[BaseModel] | None:
    """The model that holds the value at `location` below `annotation`."""
    for part in location:
        annotation = _step(annotation, part)
    return _model_of(annotation)


def _model_of(annotation: Any) -> type[BaseModel] | None:
    annotation = _bare(annotation)
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return annotation if is_model else None


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def _step(annotation: Any, part: str | int) -> Any:
    annotation = _bare(annotation)
    model = _model_of(annotation)
    if model:
        by_name = {field.alias or name: field for name, field in model.model_fields.items()}
        return by_name[str(part)].annotation if str(part) in by_name else None
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        for arg in args:
            if get_origin(arg) is Annotated and any(
                isinstance(extra, Tag) and extra.tag == part for extra in get_args(arg)[1:]
            ):
                return arg
        return next((arg for arg in args if _model_of(arg)), None)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return args[1]
    return args[0] if args else None
