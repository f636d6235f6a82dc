"""Write a page per rule below docs/rules/ from the rules' own texts; results link to them."""

from __future__ import annotations

from pathlib import Path

from archlint.model.finding import RuleInfo
from archlint.session import rule_infos

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "rules"


def page(info: RuleInfo) -> str:
    """A rule's page."""
    languages = ", ".join(info.languages)
    state = "" if info.default else ", off by default"
    parts = [
        f"# {info.id}",
        info.summary,
        f"Category {info.category}; {languages}; {info.severity} at most, "
        f"{info.confidence} confidence at best{state}.",
        f"## Why it matters\n\n{info.why}",
        f"## What to do\n\n{info.remedy}",
    ]
    if info.guide:
        parts.append(f"## Guide\n\n{info.guide}")
    parts.append(f"## Silencing one\n\n    // archlint-ignore {info.id}: reason")
    return "\n\n".join(parts) + "\n"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = {f"{info.id}.md": page(info) for info in rule_infos()}
    for old in FOLDER.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
