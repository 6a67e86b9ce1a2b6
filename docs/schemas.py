"""Make the JSON schemas of docs from the models of the files that they describe.

uv run python docs/schemas.py
"""

import json
from pathlib import Path

from femur_risk.assessment import RiskCard
from femur_risk.config import Section
from femur_risk.validation import ValidationRecord

DOCS = Path(__file__).resolve().parent
MODELS: dict[str, type[Section]] = {
    "risk.schema.json": RiskCard,
    "validation.schema.json": ValidationRecord,
}


def schema_text(model: type[Section]) -> str:
    """Return the JSON schema of a file that holds the content of a model and a version."""
    schema = model.model_json_schema()
    schema["properties"]["schema_version"] = {"const": 1, "description": "Version of this schema."}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, model in MODELS.items():
        (DOCS / name).write_text(schema_text(model), encoding="utf-8")
