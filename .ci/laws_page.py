"""Write docs/laws.md from the registries."""

from pathlib import Path

from femur_fea.materials import laws_page

if __name__ == "__main__":
    page = Path(__file__).resolve().parents[1] / "docs/laws.md"
    page.write_text(laws_page(), encoding="utf-8")
