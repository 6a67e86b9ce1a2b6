"""Words of a command line that cannot be used: each is told with its option and what to do."""

from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("nonsense",), "no such command 'nonsense'"),
        (("run", "--nonsense"), "no such option: --nonsense"),
        (("run", "--model"), "option '--model' requires an argument"),
        (("report",), "missing argument 'RUN_DIR'"),
        (("run", "--tier", "guess"), "--tier (solver.tier) = 'guess'"),
        (("run", "--model", "cubic"), "--model (solver.model) = 'cubic'"),
        (("run", "--element", "tet8"), "--element (mesh.element) = 'tet8'"),
        (("run", "--edge-length-mm", "fine"), "--edge-length-mm (mesh.edge_length_mm) = 'fine'"),
        (("run", "--edge-length-mm", "nan"), "--edge-length-mm (mesh.edge_length_mm) = nan"),
        (("run", "--mapping", "nearest"), "--mapping (mapping.method) = 'nearest'"),
        (("run", "--edge-voxels", "9"), "--edge-voxels (mapping.edge_voxels) = 9"),
        (("run", "--cortex", "wood"), "--cortex (mapping.cortex) = 'wood'"),
        (("run", "--mass-kg", "heavy"), "--mass-kg (input.mass_kg) = 'heavy'"),
        (("run", "--mass-kg", "5"), "--mass-kg (input.mass_kg) = 5"),
        (("run", "--side", "both"), "--side (input.side) = 'both'"),
        (("run", "--femur-label", "0"), "--femur-label (input.femur_label) = 0"),
        (("run", "--lesion-label", "a"), "--lesion-label (input.lesion_label) = 'a'"),
        (("run", "--case-id", "a/b"), "--case-id (input.case_id) = as given"),
        (("run", "--ct", ""), "--ct (input.ct) = as given"),
        (("run", "--ranks", "0"), "--ranks (solver.ranks) = 0"),
        (("run", "--ranks", "9999"), "--ranks (solver.ranks) = 9999 where this program may use"),
        (("run", "--loads", ""), "--loads (loads.names) = ''"),
        (("run", "--loads", "stance,,fall"), "--loads (loads.names) = ''"),
        (("run", "--loads", "foo"), "'foo', as --loads (loads.names) has it"),
        (("run", "--preset", "foo"), "'foo', as --preset (preset.name) has it"),
        (("demo", "--seed", "-1"), "--seed = '-1'"),
        (("demo", "--edge-length-mm", "99"), "--edge-length-mm (mesh.edge_length_mm) = 99"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_word_that_cannot_be_used_is_told_with_its_option(
    call: Any, arguments: tuple[str, ...], found: str, tmp_path: Path
) -> None:
    out = ("--out", tmp_path / "runs") if arguments[0] == "demo" else ()
    answer = call(*arguments, *out)
    assert (answer.code, answer.explains) == (2, True), answer.err
    assert found in answer.err.splitlines()[1]
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_is_to_be_added_and_not_corrected(call: Any) -> None:
    assert call("report").err.splitlines()[3].split() == ["do", "add", "it"]
    assert call("run", "--nonsense").err.splitlines()[3].split()[1:] == ["correct", "that", "word"]


@pytest.mark.parametrize("group", [(), ("config",)])
def test_a_command_without_words_shows_its_help(call: Any, group: tuple[str, ...]) -> None:
    answer = call(*group)
    assert answer.code == 2
    assert answer.err.startswith("Usage: femur-fea")


def test_an_unknown_load_is_told_with_the_families_that_there_are(call: Any) -> None:
    expected = call("run", "--loads", "foo").err.splitlines()[2]
    assert {"stance", "fall_grid", "bending_grid"} <= set(expected.replace(",", "").split())
    assert "'fall_grid'" in call("run", "--loads", "fal_grid").err


def test_an_unknown_load_is_refused_with_the_nearest(call: Any) -> None:
    answer = call("run", "--loads", "stance,fal")
    assert answer.code == 2
    assert "'fall'" in answer.err


def test_an_unknown_preset_is_refused_with_the_nearest(call: Any) -> None:
    answer = call("run", "--preset", "bolonga")
    assert answer.code == 2
    assert "'bologna'" in answer.err


def test_a_case_id_that_is_no_pseudonym_is_refused(call: Any) -> None:
    answer = call("run", "--case-id", "../Mustermann")
    assert (answer.code, answer.explains) == (2, True)
    assert "Mustermann" not in answer.err
