"""Make docs/validation.md from what the verification tests and the benchmarks have found.

    uv run python docs/validation.py                run the tests and renew record and document
    uv run python docs/validation.py render         renew the document, after a benchmark
    uv run python docs/validation.py check FILE     compare the record with one of this moment

The record is benchmarks/results/verification.json; FILE is another one, written by
`uv run pytest --validation-record FILE`. The check passes if both hold the same comparisons, with
the same expected values and tolerances, if found values agree within these, and if the document is
what the records say. Tests that FILE says were skipped are not looked for.
"""

import ast
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs/validation.md"
RESULTS = ROOT / "benchmarks/results"
RECORD = RESULTS / "verification.json"
SAME = 1e-6  # of expected values, which are computed but from the theory

THEMES = {
    "exactness": "What every element must represent exactly, on irregular meshes.",
    "convergence order": "A manufactured solution on three meshes: the slope of the error.",
    "closed forms": "Problems that are solved on paper.",
    "NAFEMS benchmarks": "Published targets.",
    "plasticity": "Bone that yields: closed forms, energy, unloading.",
    "two programs": "The same discrete problem in an independent program.",
    "invariance": "What must not matter: numbering, scale, side, storage order.",
}

type Row = dict[str, Any]


def main(arguments: list[str]) -> int:
    """Renew, render or check; return 0 if all is well."""
    match arguments:
        case []:
            renew()
            DOCUMENT.write_text(document(), encoding="utf-8")
        case ["render"]:
            DOCUMENT.write_text(document(), encoding="utf-8")
        case ["check", path]:
            faults = [*differences(read(RECORD), read(Path(path))), *staleness()]
            for fault in faults:
                sys.stderr.write(f"{fault}\n")
            if faults:
                sys.stderr.write("renew with: uv run python docs/validation.py\n")
            return min(len(faults), 1)
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    return 0


def renew() -> None:
    """Run the verification tests and replace the record, if all of them ran and passed."""
    fresh = RECORD.with_suffix(".new")
    tests = [sys.executable, "-m", "pytest", "-q", "tests/verification"]
    status = subprocess.run([*tests, f"--validation-record={fresh}"], cwd=ROOT, check=False)
    skipped = read(fresh)["skipped"]
    if status.returncode or skipped:
        fresh.unlink()
        raise SystemExit(f"a record needs tests that all run and pass; skipped: {skipped}")
    fresh.replace(RECORD)


def read(path: Path) -> dict[str, Any]:
    """Return the content of a JSON file."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def by_name(rows: Iterable[Row]) -> dict[tuple[str, str], Row]:
    """Return the comparisons by test and quantity."""
    named: dict[tuple[str, str], Row] = {}
    for row in rows:
        name = row["test"], row["quantity"]
        if name in named:
            raise SystemExit(f"{row['test']} compares {row['quantity']!r} twice")
        if row["theme"] not in THEMES:
            raise SystemExit(f"{row['test']}: theme {row['theme']!r} is not one of {[*THEMES]}")
        named[name] = row
    return named


def differences(record: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return in what a record differs from that of this moment."""
    old, new, skipped = by_name(record["rows"]), by_name(now["rows"]), now["skipped"]
    faults = [f"{test}: {quantity} is not recorded" for test, quantity in new.keys() - old.keys()]
    for (test, quantity), row in old.items():
        found = new.get((test, quantity))
        if found is None:
            if test not in skipped:
                faults.append(f"{test}: {quantity} is recorded but not compared any more")
        elif changed := [key for key in row if not same(row, found, key)]:
            faults.append(f"{test}: {quantity} has another {', '.join(changed)} than recorded")
    return sorted(faults)


def same(row: Row, other: Row, key: str) -> bool:
    """Whether two comparisons agree in one of their parts."""
    if key not in ("expected", "found"):
        return bool(row[key] == other[key])
    allowed = SAME * abs(row["expected"]) if key == "expected" else row["tolerance"] * scale(row)
    return bool(abs(row[key] - other[key]) <= allowed)


def staleness() -> list[str]:
    """Return whether the document differs from what the records say."""
    if DOCUMENT.read_text(encoding="utf-8") == document():
        return []
    return ["docs/validation.md is not what benchmarks/results says"]


def document() -> str:
    """Return the document."""
    record = read(RECORD)
    rows = by_name(record["rows"]).values()
    tests = {row["test"] for row in rows}
    parts = [
        "# Validation",
        "Made from `benchmarks/results` by `uv run python docs/validation.py`, never typed by "
        "hand; continuous integration checks that it belongs to the tests. "
        f"{len(rows)} comparisons in {len(tests)} tests, then the benchmarks. Every tolerance "
        "has an origin, every expected value a source. Differences and tolerances in % or marked "
        "`rel` are relative to the expected value, others are in its unit.",
        *facts({key: record[key] for key in ("machine", "versions")}),
    ]
    for theme, meaning in THEMES.items():
        chosen = [row for row in rows if row["theme"] == theme]
        if chosen:
            parts += [f"## {theme[0].upper()}{theme[1:]}", meaning, comparison_table(chosen)]
    parts += ["# Benchmarks", "Times vary between machines and between runs by tens of percent."]
    for script in sorted((ROOT / "benchmarks").glob("*/*.py")):
        told = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or ""
        if f"uv run python {script.relative_to(ROOT)}" in told:  # others are parts of these
            parts += benchmark(script, told.splitlines()[0])
    return "\n\n".join(parts) + "\n"


def comparison_table(rows: Iterable[Row]) -> str:
    """Return comparisons as a Markdown table."""
    cells = [
        [
            row["quantity"],
            with_unit(row["expected"], row),
            with_unit(row["found"], row, digits=7 if row["expected"] else 2),
            size(abs(row["found"] - row["expected"]), row),
            f"{size(row['tolerance'] * scale(row), row)}: {row['origin']}",
            row["source"],
            f"`{row['test'].removeprefix('tests/verification/')}`",
        ]
        for row in rows
    ]
    heads = ["quantity", "expected", "found", "difference", "tolerance", "source", "test"]
    return markdown([heads, *cells])


def scale(row: Row) -> float:
    """Return what the tolerance of a comparison is multiplied by."""
    return abs(row["expected"]) if row["relative"] else 1.0


def with_unit(value: float, row: Row, *, digits: int = 7) -> str:
    """Return a value with its unit."""
    return f"{value:.{digits}g} {row['unit']}".strip()


def size(difference: float, row: Row) -> str:
    """Return a difference in the terms of its tolerance."""
    share = difference / scale(row)
    if not row["relative"]:
        return f"{share:.2g} {row['unit']}".strip()
    return f"{100 * share:.2g} %" if row["tolerance"] >= 1e-4 else f"{share:.2g} rel"


def benchmark(script: Path, title: str) -> list[str]:
    """Return the chapter of one benchmark, under the first line of its docstring."""
    path = RESULTS / f"{script.stem}.json"
    chapter = [f"## {title.removesuffix('.')}", f"`{script.relative_to(ROOT)}`"]
    if not path.exists():
        return [*chapter, "Not measured yet."]
    for each in (path, *sorted(RESULTS.glob(f"{script.stem}_*.json"))):
        chapter += [] if each == path else [f"### {each.stem}"]
        content = read(each)
        tables = {key: records(value) for key, value in content.items()}
        chapter += facts({key: content[key] for key, rows in tables.items() if not rows})
        chapter += [record_table(rows) for rows in tables.values() if rows]
    return chapter


def records(value: Any) -> list[Row]:
    """Return the rows of a list of mappings, or of a mapping of them; none of anything else."""
    if isinstance(value, dict):
        value = [{"case": name, **row} for name, row in value.items() if isinstance(row, dict)]
    return value if isinstance(value, list) and all(isinstance(row, dict) for row in value) else []


def record_table(rows: list[Row]) -> str:
    """Return records as a Markdown table; a mapping in a record takes a column for each key."""
    flat = [flattened(row) for row in rows]
    heads = list(dict.fromkeys(key for row in flat for key in row))
    return markdown([heads, *([row.get(head, "") for head in heads] for row in flat)])


def flattened(row: Row) -> dict[str, str]:
    """Return one cell for every number of a record, by its heading."""
    cells: dict[str, str] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            cells |= {f"{words(key)}, {words(name)}": plain(value[name]) for name in value}
        else:
            cells[words(key)] = plain(value)
    return cells


def facts(content: Mapping[str, Any]) -> list[str]:
    """Return what is not a table as a list of Markdown, one line for each key."""
    lines = []
    for key, value in content.items():
        pairs = value.items() if isinstance(value, dict) else [("", value)]
        lines.append(f"- {words(key)}: " + ", ".join(f"{k} {plain(v)}".strip() for k, v in pairs))
    return ["\n".join(lines)] if lines else []


def words(key: str) -> str:
    """Return a key as a heading."""
    return key.replace("_", " ")


def plain(value: Any) -> str:
    """Return a value as a cell."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1000.0 else f"{value:.4g}"
    return str(value)


def markdown(rows: list[list[str]]) -> str:
    """Return rows of cells, the first of headings, as a Markdown table."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
