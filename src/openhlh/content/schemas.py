"""JSON Schemas of the pages, so that an editor completes a page; `make schemas` writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel  # noqa: TC002 - one habit for all modules

from openhlh.content.shelves import FILES, FOLDERS
from openhlh.content.vocabulary import Vocabulary

HERE = Path(__file__).parent / "schemas"


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of every kind of page, by file name."""
    models: dict[str, type[BaseModel]] = {**FOLDERS, "vocabulary": Vocabulary}
    models |= {name.removesuffix(".yaml"): model for name, model in FILES.items()}
    return {f"{name}.schema.json": _schema(name, model) for name, model in models.items()}


def _schema(name: str, model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, **schema}


def as_text(schema: dict[str, Any]) -> str:
    """Return a schema as it stands in its file."""
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"


def write() -> None:
    """Write every schema file."""
    HERE.mkdir(exist_ok=True)
    for name, schema in schemas().items():
        (HERE / name).write_text(as_text(schema), encoding="utf-8")


if __name__ == "__main__":
    write()
