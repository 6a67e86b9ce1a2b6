"""Write docs/loads.md from the registries."""

from pathlib import Path

from femur_fea.loads import loads_page

if __name__ == "__main__":
    page = Path(__file__).resolve().parents[1] / "docs/loads.md"
    page.write_text(loads_page(), encoding="utf-8")
