"""Puts the demo's draft into the README: `make readme`, after the composer's words have changed."""

from __future__ import annotations

import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent.parent / "README.md"
START, END = "<!-- draft: michael -->\n", "<!-- end -->"


def main(draft: Path) -> None:
    """Replace what stands between the README's markers by `draft`, quoted."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    after = rest.partition(END)[2]
    quoted = "".join(f"> {line}".rstrip() + "\n" for line in draft.read_text(encoding="utf-8").splitlines())
    README.write_text(f"{before}{START}\n{quoted}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
