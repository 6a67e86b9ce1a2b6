"""The configuration: one file, every key known, every fault named."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from femur_fea.errors import ConfigError, MissingInputError
from femur_risk.config import (
    RunConfig,
    commented_template,
    load_config,
    resolve_config,
    resolved_toml,
)


def test_the_commented_template_holds_exactly_the_defaults() -> None:
    assert resolve_config(tomllib.loads(commented_template())) == RunConfig()


def test_the_commented_template_names_every_key_with_an_explanation() -> None:
    sections = commented_template().split("\n\n")
    config = RunConfig()
    for name, section in [*config, ("calibration.phantom", config.calibration.phantom)]:
        (text,) = [text for text in sections if f"[{name}]\n" in text]
        lines = text.splitlines()
        for key in type(section).model_fields:
            if isinstance(getattr(section, key), BaseModel):
                continue
            (at,) = [n for n, line in enumerate(lines) if line.lstrip("# ").startswith(f"{key} =")]
            assert lines[at - 1].startswith("# ")


def test_resolved_settings_read_back_are_the_same_settings() -> None:
    config = resolve_config({"mesh": {"edge_length_mm": 2.0}, "input": {"mass_kg": 75.0}})
    assert resolve_config(tomllib.loads(resolved_toml(config))) == config


def test_resolved_settings_hold_no_path_of_an_input() -> None:
    given = {
        "input": {"ct": "secret/a", "femur": "secret/b", "lesion": "secret/c", "rods": "secret/d"}
    }
    assert "secret" not in resolved_toml(resolve_config(given))


def test_an_option_comes_before_the_file_and_an_absent_one_does_not() -> None:
    tables = {"mesh": {"edge_length_mm": 2.0, "element": "tet4"}}
    config = resolve_config(tables, {"mesh": {"edge_length_mm": 4.0, "element": None}})
    assert (config.mesh.edge_length_mm, config.mesh.element) == (4.0, "tet4")


def test_an_unknown_key_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError) as caught:
        resolve_config({"mesh": {"edge_lenght_mm": 3.0}})
    assert "edge_lenght_mm" in caught.value.found
    assert "'edge_length_mm'" in caught.value.remedy


def test_an_unknown_section_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match="did you mean 'mesh'"):
        resolve_config({"msh": {}})


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("mesh", "edge_length_mm", 0.0),
        ("mesh", "edge_length_mm", float("nan")),
        ("mesh", "edge_length_mm", "fine"),
        ("input", "mass_kg", -75.0),
        ("input", "mass_kg", 7.5),
        ("input", "mass_kg", 7500.0),
        ("input", "mass_kg", float("nan")),
        ("risk", "pain", "terrible"),
        ("risk", "pain", 3),
        ("risk", "steps_per_day", -1.0),
        ("risk", "steps_per_day", float("inf")),
        ("risk", "restriction", "bed"),
        ("risk", "high_from", 1.5),
        ("input", "side", "both"),
        ("loads", "names", []),
        ("loads", "fixed_length_mm", 0.0),
        ("solver", "model", "quadratic"),
        ("calibration", "method", "guess"),
        ("mapping", "method", "nearest"),
        ("mapping", "edge_voxels", -1),
        ("mapping", "edge_voxels", 1.5),
    ],
)
def test_a_value_without_meaning_is_refused_by_name(section: str, key: str, value: object) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve_config({section: {key: value}})
    assert f"{section}.{key}" in caught.value.found


WORDS = [
    ("mesh", "edge_length_mm", 0.1, "a number of at least 0.5"),
    ("mesh", "edge_length_mm", 11, "a number of at most 10"),
    ("mesh", "edge_length_mm", "fine", "a number"),
    ("mesh", "edge_length_mm", float("inf"), "a finite number"),
    ("mesh", "element", "tet8", "'tet10', 'tet4' or 'hex8'"),
    ("loads", "names", [""], "a text that is not empty"),
    ("loads", "names", [], "a list that is not empty"),
    ("loads", "names", "stance", "a list"),
    ("loads", "fixed_length_mm", 0, "a number above 0"),
    ("solver", "ranks", 0, "'auto' or a number of at least 1"),
    ("solver", "ranks", "many", "'auto' or a whole number"),
    ("solver", "export", ["ansys"], "'ccx', 'febio' or 'xdmf'"),
    ("mapping", "edge_voxels", 1.5, "a whole number"),
    ("input", "case_id", "a/b", "1 to 64 letters (a to z, A to Z), digits, '_' and '-'"),
    ("input", "simulated", "perhaps", "true or false"),
    ("input", "ct", 3, "a text"),
]


@pytest.mark.parametrize(("section", "key", "value", "expected"), WORDS)
def test_what_is_expected_of_a_value_is_said_in_words(
    section: str, key: str, value: object, expected: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve_config({section: {key: value}})
    assert caught.value.found.startswith(f"{section}.{key} = ")
    assert caught.value.expected == expected


@pytest.mark.parametrize(
    ("section", "key", "option"),
    [
        ("mesh", "edge_length_mm", "--edge-length-mm"),
        ("loads", "names", "--loads"),
        ("mapping", "method", "--mapping"),
        ("preset", "name", "--preset"),
        ("solver", "ranks", "--ranks"),
    ],
)
def test_a_value_from_the_command_line_is_called_by_its_option(
    section: str, key: str, option: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve_config({section: {key: "auto"}}, {section: {key: {}}})
    assert caught.value.found == f"{option} ({section}.{key}) = {{}}"


NONSENSE = ("", "x", -1, 0, 1.5, float("nan"), 10**9, [], [1], [[]], {}, True, "1", "\udcfc")


def taken_or_explained(section: str, key: str, value: object) -> RunConfig | ConfigError:
    try:
        return resolve_config({section: {key: value}})
    except ConfigError as error:
        return error


@pytest.mark.parametrize("nonsense", NONSENSE, ids=repr)
def test_whatever_stands_for_a_value_is_taken_or_explained(nonsense: object) -> None:
    """A fault whose kind nobody put into words would raise another error."""
    for section, model in RunConfig():
        for key in type(model).model_fields:
            outcome = taken_or_explained(section, key, nonsense)
            told = isinstance(outcome, ConfigError) and (
                key in str(outcome) or section in str(outcome)
            )
            assert told or isinstance(outcome, RunConfig)


def test_all_faults_of_a_file_are_named_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        resolve_config({"mesh": {"edge_length_mm": -1.0}, "preset": {"nme": "bologna"}})
    assert "edge_length_mm" in caught.value.found
    assert "nme" in caught.value.found


@pytest.mark.parametrize("label", [0, -1, 1.5, "femur"])
def test_a_label_is_a_positive_whole_number(label: object) -> None:
    with pytest.raises(ConfigError, match="femur_label"):
        resolve_config({"input": {"femur_label": label}})


def test_a_load_asked_for_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match="once"):
        resolve_config({"loads": {"names": ["stance", "stance"]}})


@pytest.mark.parametrize("case_id", ["", "a b", "../up", "Müller", "x" * 65])
def test_a_case_id_that_is_no_plain_pseudonym_is_refused_and_not_repeated(case_id: str) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve_config({"input": {"case_id": case_id}})
    assert caught.value.found == "input.case_id = as given"


def test_a_file_that_is_not_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text("[mesh]\nedge_length_mm = = 3\n")
    with pytest.raises(ConfigError, match="line 2"):
        load_config(file)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_bytes("# Größe".encode("latin-1"))
    with pytest.raises(ConfigError, match="not TOML"):
        load_config(file)


def test_a_file_that_is_not_there_is_a_missing_input(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError):
        load_config(tmp_path / "run.toml")


def test_the_configuration_is_read_without_a_heavy_library() -> None:
    heavy = {"torch", "dolfinx", "gmsh", "vtk", "pyvista", "SimpleITK"}
    code = f"import sys, femur_risk.config; sys.exit(len({heavy!r} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_file_that_the_system_does_not_let_be_read_is_told(tmp_path: Path) -> None:
    # reading it at 0 fails with an error of the system whatever the user's rights are
    (tmp_path / "run.toml").symlink_to("/proc/self/mem")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "run.toml")
