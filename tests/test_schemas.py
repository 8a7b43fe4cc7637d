"""The schemas shipped are the schemas of the models."""

import json
from pathlib import Path

import pytest

from llmx.schema import json_schemas

SHIPPED = Path(__file__).parent.parent / "schemas"


@pytest.mark.parametrize("name", sorted(json_schemas()))
def test_a_shipped_schema_is_the_models_own(name: str) -> None:
    shipped = json.loads((SHIPPED / f"{name}.json").read_text("utf-8"))
    assert shipped == json_schemas()[name], "write them anew: llmx schemas --out schemas"


def test_no_schema_is_shipped_that_no_model_has() -> None:
    assert {path.stem for path in SHIPPED.glob("*.json")} == set(json_schemas())


def test_every_field_of_a_record_is_described() -> None:
    for name, schema in json_schemas().items():
        undescribed = [field for field, about in schema["properties"].items() if "description" not in about]
        assert not undescribed, f"{name} says nothing of {undescribed}"
