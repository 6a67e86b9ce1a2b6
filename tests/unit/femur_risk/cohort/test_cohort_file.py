"""COHORT.csv: read strictly, without repeating what may be a name."""

from pathlib import Path

import pytest

from femur_fea.errors import MissingInputError
from femur_risk.cohort.cohort_file import carried_kinds, read_cohort, typed
from femur_risk.config import resolve_config
from femur_risk.errors import CohortError

HEAD = "case_id,ct,femur"


def _file(folder: Path, text: str) -> Path:
    path = folder / "COHORT.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_file_and_empty_cells_are_absent(tmp_path: Path) -> None:
    text = f"{HEAD},lesion,mass_kg,side\nb,scans/b,m.nii,,70.5,\na,/x/a.nii,m.nii,l.nii,,left\n\n"
    first, second = read_cohort(_file(tmp_path, text))
    assert first.case_id == "b"
    assert first.settings["input"] == {
        "case_id": "b",
        "ct": str(tmp_path / "scans/b"),
        "femur": str(tmp_path / "m.nii"),
        "mass_kg": 70.5,
    }
    assert second.settings["input"]["ct"] == "/x/a.nii"
    assert second.settings["input"]["side"] == "left"


def test_a_calibration_of_each_case_and_clinical_columns_are_kept_apart(tmp_path: Path) -> None:
    text = f"{HEAD},calibration.method,calibration.slope_g_per_cm3_per_HU,age_years,pain\n"
    (case,) = read_cohort(_file(tmp_path, f"{text}a,c,f,fixed,0.0008,71,when walking\n"))
    assert case.settings["calibration"] == {"method": "fixed", "slope_g_per_cm3_per_HU": 0.0008}
    assert case.carried == {"age_years": "71", "pain": "when walking"}
    assert carried_kinds([case]) == {"age_years": "number", "pain": "text"}


def test_a_phantom_and_the_life_of_each_case_are_settings_of_it(tmp_path: Path) -> None:
    text = (
        f"{HEAD},calibration.method,calibration.phantom.name,risk.pain,risk.steps_per_day\n"
        "a,c,f,phantom,qrm_bdc_6,functional,1200\n"
    )
    (case,) = read_cohort(_file(tmp_path, text))
    config = resolve_config(dict(case.settings))
    assert config.calibration.phantom.name == "qrm_bdc_6"
    assert (config.risk.pain, config.risk.steps_per_day) == ("functional", 1200.0)


def test_a_column_of_virtual_patients_is_what_all_its_cells_are(tmp_path: Path) -> None:
    text = (
        f"{HEAD},simulated_age_years,simulated_fracture,simulated_primary,simulated_stage\n"
        "a,c,f,71.5,true,breast,3\nb,c,f,,false,,IV\n"
    )
    first, second = read_cohort(_file(tmp_path, text))
    kinds = carried_kinds([first, second])
    assert list(kinds.values()) == ["number", "truth", "text", "text"]
    assert [typed(cell, kinds[name]) for name, cell in first.carried.items()] == [
        71.5,
        True,
        "breast",
        "3",
    ]
    assert second.carried["simulated_age_years"] is None


def test_a_table_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    text = f"\ufeff{HEAD}\r\n001,c.nii,f.nii\r\n"
    (case,) = read_cohort(_file(tmp_path, text))
    assert case.case_id == "001"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "an empty file"),
        (f"{HEAD}\n", "a table of no case"),
        ("case_id,ct\na,c\n", "no column femur"),
        (f"{HEAD},masskg\na,c,f,7\n", "a column 'masskg'"),
        (f"{HEAD},ct\na,c,f,c\n", "the column 'ct' twice"),
        (f"{HEAD}\na,c\n", "row 2 with 2 cells"),
        ("case_id;ct;femur\na;c;f\n", "columns separated by ';'"),
        (f"{HEAD},age_years\na,c,f,old\n", "age_years in row 2"),
        (f"{HEAD},age_years\na,c,f,nan\n", "age_years in row 2"),
        (f"{HEAD},age_years\na,c,f,\nb,c,f,700\n", "age_years = 700 in row 3"),
        (f"{HEAD},age_years\na,c,f,-1\n", "age_years = -1 in row 2"),
        (f"{HEAD},height_cm\na,c,f,1.75\n", "height_cm = 1.75 in row 2"),
        (f'{HEAD}\na,"c,f\n', "cannot be read"),
        (f"{HEAD}\na,c,f\nb,c,f\na,c,f\n", "1 case_id that another case has: cases 1 and 3"),
    ],
)
def test_a_table_at_fault_is_refused_before_any_work(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(CohortError) as caught:
        read_cohort(_file(tmp_path, text))
    assert found in caught.value.found


@pytest.mark.parametrize(
    "case_id", ["../jane", "", "jane doe", "j" * 65, "/etc/jane", "ja\nne", "jané", ".", "a.b"]
)
def test_a_case_id_that_could_leave_the_folder_or_be_a_name_is_refused_and_not_repeated(
    tmp_path: Path, case_id: str
) -> None:
    with pytest.raises(CohortError, match="row 2") as caught:
        read_cohort(_file(tmp_path, f'{HEAD}\n"{case_id}",c,f\n'))
    assert "jan" not in str(caught.value)


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "COHORT.csv"
    path.write_bytes(f"{HEAD}\nä,c,f\n".encode("latin-1"))
    with pytest.raises(CohortError, match="UTF-8"):
        read_cohort(path)


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match="no cohort file"):
        read_cohort(tmp_path / "COHORT.csv")
