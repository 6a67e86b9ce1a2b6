"""Run the code blocks of README.md that are marked for it, in order, in one temporary folder.

A block marked `bash run` is run by bash, one marked `python run` by Python; a block that fails
ends the check. Blocks without `run` are not run: they need data that does not come with the
project, or install it.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(bash|python) run\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INTERPRETER = {"bash": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}


def main() -> int:
    """Return 0 if every marked block succeeds."""
    blocks = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    if not blocks:
        sys.stderr.write("README.md has no block marked 'run'\n")
        return 1
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    }
    with tempfile.TemporaryDirectory() as folder:
        for language, code in blocks:
            sys.stdout.write(f"--- {language}\n{code}")
            sys.stdout.flush()
            status = subprocess.run(
                [*INTERPRETER[language], code], cwd=folder, env=environment, check=False
            ).returncode
            if status:
                sys.stderr.write(f"the block above ended with status {status}\n")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
