"""The page of the REST API, made from its OpenAPI document."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from attrs import frozen

from adapters.pages.fields import Field, Schema, Shapes
from adapters.pages.rendering import render

Document = Mapping[str, Any]
FORM: Final = "multipart/form-data"


@frozen(kw_only=True)
class Parameter:
    """What an operation takes beside a body."""

    place: str
    field: Field


@frozen(kw_only=True)
class Answer:
    """One way in which an operation answers."""

    status: str
    meaning: str
    fields: tuple[Field, ...]


@frozen(kw_only=True)
class Shown:
    """One operation, as the page shows it."""

    name: str
    method: str
    path: str
    summary: str
    token: str
    deprecated: str
    guide: str
    parameters: tuple[Parameter, ...]
    body_meaning: str
    body: tuple[Field, ...]
    answers: tuple[Answer, ...]
    refusals: tuple[Answer, ...]
    example: str


@frozen(kw_only=True)
class Section:
    """Operations that belong together."""

    name: str
    anchor: str
    meaning: str
    operations: tuple[Shown, ...]


@frozen(kw_only=True)
class Family:
    """One dialect: how it refuses, and its operations by section."""

    name: str
    refusal: tuple[Field, ...]
    sections: tuple[Section, ...]


def rest_page(document: Document) -> bytes:
    """Show every operation of an OpenAPI document, by dialect and section."""
    shapes = Shapes(document["components"]["schemas"])
    meanings = {tag["name"]: tag.get("description", "") for tag in document["tags"]}
    found: dict[str, dict[str, list[Shown]]] = {}
    refusals: dict[str, tuple[Field, ...]] = {}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            dialect, section = one["tags"]
            shown = _shown(path, method, one, shapes, document["servers"][0]["url"])
            found.setdefault(dialect, {}).setdefault(section, []).append(shown)
            refusals.setdefault(dialect, tuple(shapes.fields(_body(one["responses"]["500"]) or {})))
    families = [
        Family(
            name=dialect,
            refusal=refusals[dialect],
            sections=tuple(_section(dialect, name, meanings, shown) for name, shown in sections.items()),
        )
        for dialect, sections in found.items()
    ]
    return render("rest.html", here="rest", up="", info=document["info"], families=families)


def _section(dialect: str, name: str, meanings: Mapping[str, str], shown: Sequence[Shown]) -> Section:
    return Section(
        name=name.removeprefix(f"{dialect} "),
        anchor=name.replace(" ", "-"),
        meaning=meanings.get(name, ""),
        operations=tuple(shown),
    )


def _shown(path: str, method: str, one: Document, shapes: Shapes, server: str) -> Shown:
    body = _body(one.get("requestBody", {}))
    answers = [_answer(status, told, shapes) for status, told in one["responses"].items()]
    return Shown(
        name=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        token=_token(one),
        deprecated=one.get("description", "") if one.get("deprecated") else "",
        guide=one.get("externalDocs", {}).get("url", ""),
        parameters=tuple(_parameter(each, shapes) for each in one["parameters"]),
        body_meaning=shapes.meaning(body) if body else "",
        body=tuple(shapes.fields(body)) if body else (),
        answers=tuple(each for each in answers if each.status < "400"),
        refusals=tuple(each for each in answers if each.status >= "400"),
        example=_example(f"{server}{path}", method, one, shapes.sample(body) if body else None),
    )


def _parameter(told: Document, shapes: Shapes) -> Parameter:
    required = [told["name"]] if told.get("required") else []
    (field,) = shapes.fields({"properties": {told["name"]: told["schema"]}, "required": required})
    return Parameter(place=told["in"], field=field)


def _answer(status: str, told: Document, shapes: Shapes) -> Answer:
    schema = _body(told)
    fields = tuple(shapes.fields(schema)) if schema and status < "400" else ()
    meaning = shapes.meaning(schema) if schema and fields else told["description"]
    return Answer(status=status, meaning=meaning, fields=fields)


def _body(told: Document) -> Schema | None:
    """The schema of a body, where there is one: of a JSON document, or of a form."""
    contents: Mapping[str, Any] = told.get("content", {})
    schema: Schema | None = next((one["schema"] for one in contents.values() if "schema" in one), None)
    return schema


def _token(one: Document) -> str:
    """Whose token has to be shown, or may be, and the scope that it needs."""
    scopes = [scope for proof in one["security"] for needed in proof.values() for scope in needed]
    kinds = f"{' or '.join(one['x-token-kinds'])}, with {' '.join(scopes)}"
    if {} not in one["security"]:
        return f"needs a token: {kinds}"
    return f"takes a token: {kinds}" if scopes else "open to everybody"


def _example(address: str, method: str, one: Document, sample: object) -> str:
    """The call as one would type it."""
    words = ["curl"] if method == "get" else [f"curl -X {method.upper()}"]
    needed = [told["name"] for told in one["parameters"] if told["in"] == "query" and told.get("required")]
    query = "&".join(f"{name}=${name}" for name in needed)
    path = address.replace("{", "$").replace("}", "")
    words.append(f'"{path}?{query}"' if query else f'"{path}"')
    if one["security"][0]:
        words.append('-H "Authorization: Bearer $TOKEN"')
    if FORM in one.get("requestBody", {}).get("content", {}):
        words += [f"-F {name}=@file" for name in sample] if isinstance(sample, Mapping) else []
    elif sample is not None:
        words += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(sample)}'"]
    return " \\\n     ".join(words)
