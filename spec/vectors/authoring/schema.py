"""JSON Schema, as much of 2020-12 as the schemas of `spec/schemas` use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}
KNOWN = set(
    "$schema $id $defs $ref title description default format type const enum required properties "
    "additionalProperties patternProperties items minItems maxItems uniqueItems minProperties "
    "maxProperties maxLength minLength pattern minimum oneOf anyOf".split()
)


class Schema:
    """A schema document."""

    def __init__(self, document: Json) -> None:
        self.root = document

    def resolved(self, schema: Json) -> Json:
        """The schema that a reference names."""
        while "$ref" in schema:
            schema = self.root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        return schema

    def errors(self, value: Any, schema: Any = None, at: str = "") -> Iterator[str]:
        """What does not follow the schema."""
        schema = self.root if schema is None else schema
        assert set(schema) <= KNOWN, set(schema) - KNOWN
        if "$ref" in schema:
            yield from self.errors(value, self.resolved(schema), at)
        if "type" in schema:
            types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
            if not any(TYPES[name](value) for name in types):
                yield f"{at}: not {schema['type']}"
                return
        if "const" in schema and value != schema["const"]:
            yield f"{at}: not {schema['const']!r}"
        if "enum" in schema and value not in schema["enum"]:
            yield f"{at}: {value!r} is none of {schema['enum']}"
        for word, wanted in (("oneOf", (1,)), ("anyOf", range(1, 1000))):
            if word in schema:
                found = [list(self.errors(value, one, at)) for one in schema[word]]
                if sum(not errors for errors in found) not in wanted:
                    yield f"{at}: {word}: {min(found, key=len)}"
        if isinstance(value, dict):
            yield from self._object(value, schema, at)
        elif isinstance(value, list):
            if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
                yield f"{at}: {len(value)} items"
            if schema.get("uniqueItems") and len({repr(item) for item in value}) < len(value):
                yield f"{at}: an item twice"
            for number, item in enumerate(value):
                yield from self.errors(item, schema.get("items", {}), f"{at}/{number}")
        elif isinstance(value, str):
            if "pattern" in schema and not re.search(schema["pattern"], value):
                yield f"{at}: {value!r} is not {schema['pattern']}"
            if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
                yield f"{at}: length"
        elif "minimum" in schema and value < schema["minimum"]:
            yield f"{at}: below {schema['minimum']}"

    def _object(self, value: Json, schema: Json, at: str) -> Iterator[str]:
        for name in schema.get("required", []):
            if name not in value:
                yield f"{at}: no {name}"
        if len(value) < schema.get("minProperties", 0):
            yield f"{at}: too few members"
        for name, item in value.items():
            if name in schema.get("properties", {}):
                yield from self.errors(item, schema["properties"][name], f"{at}/{name}")
            else:
                more = schema.get("additionalProperties", {})
                if more is False:
                    yield f"{at}: {name} is unknown"
                elif isinstance(more, dict):
                    yield from self.errors(item, more, f"{at}/{name}")

    def parts(self) -> set[str]:
        """Every member and every word that a document can have, as `Definition/…/name`."""

        def inside(schema: Json, at: str) -> Iterator[str]:
            for name, item in schema.get("properties", {}).items():
                yield f"{at}/{name}"
                yield from inside(item, f"{at}/{name}")
            if "const" in schema:
                yield f"{at}={schema['const']}"
            for word in ("oneOf", "anyOf"):
                for number, one in enumerate(schema.get(word, [])):
                    yield from inside(one, self._branch(one, at, number))
            for word in ("items", "additionalProperties"):
                if isinstance(schema.get(word), dict):
                    yield from inside(schema[word], at)

        found = set(inside(self.root, ""))
        for name, schema in self.root["$defs"].items():
            found |= set(inside(schema, name))
        return found

    @staticmethod
    def _branch(one: Json, at: str, number: int) -> str:
        """The name of one of several forms: by its word, if it has one."""
        for schema in one.get("properties", {}).values():
            if "const" in schema:
                return f"{at}({schema['const']})"
        return f"{at}({number})" if "properties" in one else at

    def used(self, value: Any, schema: Any = None, at: str = "") -> Iterator[str]:
        """The members and words that a document has."""
        schema = self.root if schema is None else schema
        if "$ref" in schema:
            name = schema["$ref"].removeprefix("#/$defs/")
            yield from self.used(value, self.root["$defs"][name], name)
        if "const" in schema and schema["const"] == value:
            yield f"{at}={schema['const']}"
        for word in ("oneOf", "anyOf"):
            for number, one in enumerate(schema.get(word, [])):
                if not list(self.errors(value, one)):
                    yield from self.used(value, one, self._branch(one, at, number))
        if isinstance(value, dict):
            for name, item in value.items():
                if name in schema.get("properties", {}):
                    yield f"{at}/{name}"
                    yield from self.used(item, schema["properties"][name], f"{at}/{name}")
                elif isinstance(schema.get("additionalProperties"), dict):
                    yield from self.used(item, schema["additionalProperties"], at)
        elif isinstance(value, list) and "items" in schema:
            for item in value:
                yield from self.used(item, schema["items"], at)
