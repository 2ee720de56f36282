"""Form bodies read without loss, and without more fields than any page of ours has."""

from typing import IO, Any
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from webapp.web.files import MOST_PARTS


class ExactFormDataParser(FormDataParser):
    """Keeps bytes that are not UTF-8 apart, as lone surrogates, which our forms refuse with the text kept.

    Werkzeug's own parser turns them silently into percent escapes, so that what is stored differs from what was sent.
    Nor does it count the fields of such a body: a million would keep a process busy for seconds.
    """

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        if mimetype != "application/x-www-form-urlencoded":
            return super().parse(stream, mimetype, content_length, options)
        body = stream.read().decode("utf-8", "surrogateescape")
        try:
            pairs = parse_qsl(
                body, keep_blank_values=True, encoding="utf-8", errors="surrogateescape", max_num_fields=MOST_PARTS
            )
        except ValueError as error:
            raise RequestEntityTooLarge from error
        return stream, self.cls(pairs), self.cls()


class ExactRequest(Request):
    form_data_parser_class = ExactFormDataParser
