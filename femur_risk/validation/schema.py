"""`python -m femur_risk.validation.schema`: prints the JSON schema of validation.json."""

import json

from femur_risk.validation.record import ValidationRecord

__all__ = ["schema_text"]


def schema_text() -> str:
    """Return the JSON schema of validation.json."""
    schema = ValidationRecord.model_json_schema()
    schema["properties"]["schema_version"] = {"const": 1, "description": "Version of this schema."}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")  # noqa: T201 # what it is called for
