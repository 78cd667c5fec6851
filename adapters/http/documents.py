"""Documents about all operations: one for machines, and the pages for people that are made from it."""

from collections.abc import Iterable
from functools import cache

from adapters.http.deprecating import GUIDE
from adapters.http.dialect import Dialect
from adapters.http.openapi import openapi_document
from adapters.http.options import HttpOptions
from adapters.http.routing import Call, Content, Operation, operation
from adapters.http.serving import JSON
from adapters.http.writing import to_json
from adapters.pages.migrating import migrating_page
from adapters.pages.rendering import HEADERS, MEDIA_TYPE
from adapters.pages.rest import rest_page


def document_operations(
    operations: Iterable[Operation], options: HttpOptions, dialect: Dialect
) -> tuple[Operation, ...]:
    """Declare what answers the documents about all others."""
    document = openapi_document(operations, options)
    content = Content(data=to_json(document), media_type=JSON)

    @operation(dialect, "openapi", "GET", "/openapi.json")
    async def openapi(call: Call[None, None]) -> Content:
        """Describe this API to machines."""
        return content

    @cache
    def rest() -> Content:
        return Content(data=rest_page(document), media_type=MEDIA_TYPE, headers=HEADERS)

    @cache
    def guide() -> Content:
        return Content(data=migrating_page(document), media_type=MEDIA_TYPE, headers=HEADERS)

    @operation(dialect, "docs", "GET", "/docs")
    async def docs(call: Call[None, None]) -> Content:
        """Describe this API to people."""
        return rest()

    @operation(dialect, "docs.migrating", "GET", GUIDE)
    async def migrating(call: Call[None, None]) -> Content:
        """Say what goes away, until when, and what to do instead."""
        return guide()

    return openapi, docs, migrating
