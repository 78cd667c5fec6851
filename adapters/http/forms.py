"""Reading forms of several parts: files as they are, texts as texts, and everything else as JSON."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, get_args

import attrs
from attrs import field, frozen
from cattrs import Converter
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from adapters.http.problems import Unfit
from adapters.http.reading import read_document
from domain.errors import InvalidValue

FORM: Final = "multipart/form-data"
MOST_PARTS: Final = 20
LONGEST_FIELD: Final = 64 * 1024
Shape = TypeVar("Shape")


@frozen(kw_only=True)
class FilePart:
    """A part of a form that is taken as it is: its bytes, and what the sender says that they are."""

    content: bytes = field(repr=False)
    media_type: str = ""
    parameters: Mapping[str, str] = field(factory=dict)


def read_form(data: bytes, boundary: str, shape: type[Shape], codec: Converter) -> Shape:
    """Read a form into a shape; parts that the shape does not know are ignored.

    Raises:
        InvalidValue: it is no such form, or a part is given twice or cannot be read.
        BaseValidationError: parts are missing or are not what they must be.
        RequestEntityTooLarge: there are too many parts, or one that is no file is too large.
    """
    known = {one.name: one.type for one in attrs.fields(shape)}  # type: ignore[arg-type]
    values: dict[str, object] = {}
    for name, part in _parts(data, boundary):
        if name not in known:
            continue
        if name in values:
            raise InvalidValue(name, "must be given once")
        values[name] = _value(name, part, known[name])
    return codec.structure(values, shape)


def taken_as_it_is(converter: Converter) -> Converter:
    """Teach a converter that files need no more reading."""

    def take(value: object, _: object) -> FilePart:
        if not isinstance(value, FilePart):
            raise Unfit("must be a file")
        return value

    converter.register_structure_hook(FilePart, take)
    return converter


def _parts(data: bytes, boundary: str) -> list[tuple[str, FilePart]]:
    try:
        decoder = MultipartDecoder(boundary.encode("ascii"), max_parts=MOST_PARTS)
        decoder.receive_data(data)
        decoder.receive_data(None)
        return _collected(decoder.next_event)
    except (ValueError, UnicodeError) as error:
        raise InvalidValue("body", f"must be a {FORM} with the boundary that its header names") from error


def _collected(next_event: Callable[[], Any]) -> list[tuple[str, FilePart]]:
    found: list[tuple[str, FilePart]] = []
    pieces: list[bytes] = []
    begun: Field | File | None = None
    while not isinstance(event := next_event(), Epilogue | NeedData):
        match event:
            case Field() | File():
                begun, pieces = event, []
            case Data(data=piece, more_data=more):
                pieces.append(piece)
                if not more and begun is not None:
                    sort, options = parse_options_header(begun.headers.get("content-type", ""))
                    content = b"".join(pieces)
                    part = FilePart(content=content, media_type=sort.lower(), parameters=options)
                    found.append((begun.name, part))
            case _:
                pass
    return found


def _value(name: str, part: FilePart, hint: Any) -> object:
    wanted = {hint, *get_args(hint)}
    if FilePart in wanted:
        return part
    if len(part.content) > LONGEST_FIELD:
        raise RequestEntityTooLarge
    if str not in wanted:
        try:
            return read_document(part.content)
        except InvalidValue as error:
            raise InvalidValue(name, "must be a JSON document") from error
    try:
        text = part.content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidValue(name, "must be text in UTF-8") from error
    if "\0" in text:
        raise InvalidValue(name, "must not contain the character U+0000")
    return text
