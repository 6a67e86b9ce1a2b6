"""What appears on the screen while stages pass."""

from io import StringIO

from rich.console import Console

from femur_risk.cli.screen import Screen
from femur_risk.pipeline import StageEvent


def test_a_warning_that_several_stages_give_is_shown_once() -> None:
    shown = StringIO()
    screen = Screen(Console(file=shown, width=120), None)
    with screen.stages(2) as listener:
        for stage, told in (("fe", "held low"), ("fe@healed", "held low"), ("strength", "other")):
            listener(StageEvent(stage=stage, state="made", seconds=1.0, warnings=(told, told)))
    assert shown.getvalue().count("held low") == 1
    assert shown.getvalue().count("warning: other") == 1
