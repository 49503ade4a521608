"""The form that programs, pages, examples and results keep, as far as it can be read without running them."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
PROGRAMS: Final = HERE / "programs"
PAGES: Final = ROOT / "examples" / "frameworks"
RESULTS: Final = HERE / "results.json"

FEATURES: Final = {
    "chat": ("chat", "对话"),
    "stream": ("stream", "流式"),
    "async_chat": ("async chat", "异步对话"),
    "async_stream": ("async stream", "异步流式"),
    "tools": ("tools", "工具"),
    "streamed_tools": ("streamed tools", "流式工具"),
    "structured_output": ("structured output", "结构化输出"),
    "embeddings": ("embeddings", "向量"),
    "responses": ("responses", "Responses"),
    "errors": ("errors", "错误"),
    "tracing": ("tracing", "追踪"),
    "example": ("example", "示例"),
}
"""Every feature in the table's order, with what it is called in English and in Chinese."""

FOR_TRACERS_ALONE: Final = "tracing"
OUTSIDE_THE_PROGRAM: Final = "example"
"""The feature that is not a function of the program but the example beside its page."""

MARKS: Final = {"passes": "✓", "fails": "✗", "not offered": "–"}

_HEADER: Final = re.compile(r"(?m)^# /// script\n((?:^#(?: .*)?\n)+?)^# ///$")
_BEGIN: Final = "<!-- matrix -->"
_END: Final = "<!-- /matrix -->"


@dataclass(frozen=True)
class Program:
    """A program as its source shows it.

    Attributes:
        name: The framework's name in file names.
        title: The framework's name for people.
        packages: The distributions whose versions are reported.
        dependencies: The requirements of its environment, from the PEP 723 header.
        features: The features it proves, by name, with the first line of each docstring.
        not_offered: Why each other feature is not there.
        reaches_out: Hosts that the framework itself calls on, and why.
    """

    name: str
    title: str
    packages: tuple[str, ...]
    dependencies: tuple[str, ...]
    features: dict[str, str]
    not_offered: dict[str, str]
    reaches_out: dict[str, str]

    @property
    def path(self) -> Path:
        """The source."""
        return PROGRAMS / f"{self.name}.py"

    @property
    def example(self) -> Path:
        """The example; not called like the framework, which it could not import then."""
        return PAGES / f"{self.name}_on_glm.py"

    @property
    def pages(self) -> tuple[Path, Path]:
        """The page, in English and in Chinese."""
        return PAGES / f"{self.name}.md", PAGES / f"{self.name}.zh-CN.md"


def dependencies_of(source: str) -> tuple[str, ...]:
    """Read the requirements in a PEP 723 header.

    Raises:
        ValueError: There is no such header, or it names none.
    """
    header = _HEADER.search(source)
    content = "" if header is None else re.sub(r"(?m)^# ?", "", header[1])
    listed = re.search(r"(?ms)^dependencies = (\[.*?\])$", content)
    if listed is None:
        raise ValueError("no '# /// script' header with dependencies")
    # A TOML list of strings reads the same in Python.
    return tuple(ast.literal_eval(listed[1]))


def read_program(path: Path) -> Program:
    """Read a program without importing it."""
    source = path.read_text(encoding="utf-8")
    constants: dict[str, Any] = {}
    features: dict[str, str] = {}
    for node in ast.parse(source).body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            name = target.id if isinstance(target, ast.Name) else ""
            if name in ("TITLE", "PACKAGES", "NOT_OFFERED", "REACHES_OUT"):
                constants[name] = ast.literal_eval(node.value)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in FEATURES:
            features[node.name] = (ast.get_docstring(node) or "").partition("\n")[0]
    return Program(
        name=path.stem,
        title=constants["TITLE"],
        packages=constants["PACKAGES"],
        dependencies=dependencies_of(source),
        features=features,
        not_offered=constants["NOT_OFFERED"],
        reaches_out=constants.get("REACHES_OUT", {}),
    )


def programs() -> list[Program]:
    """Read all programs, by name."""
    return [read_program(path) for path in sorted(PROGRAMS.glob("*.py"))]


def read_results() -> dict[str, Any]:
    """Give the saved results; nothing where there are none yet."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def table(results: dict[str, Any], *, chinese: bool) -> str:
    """Render the results, frameworks by features."""
    language = 1 if chinese else 0
    suffix = ".zh-CN.md" if chinese else ".md"
    head = ["框架" if chinese else "Framework", *(labels[language] for labels in FEATURES.values())]
    last = "测试所用版本" if chinese else "tested with"
    lines = [f"| {' | '.join([*head, last])} |", f"|---|{':-:|' * len(FEATURES)}---|"]
    for name, result in sorted(results.items(), key=lambda item: item[1]["title"].lower()):
        marks = [
            MARKS[result["features"][feature]["outcome"]] if feature in result["features"] else ""
            for feature in FEATURES
        ]
        versions = ", ".join(f"{package} {number}" for package, number in result["versions"].items())
        row = [f"[{result['title']}]({name}{suffix})", *marks, f"{versions}, Python {result['python']}"]
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def render(results: dict[str, Any]) -> None:
    """Write the table between the marks of both readmes."""
    for path, chinese in ((PAGES / "README.md", False), (PAGES / "README.zh-CN.md", True)):
        text = path.read_text(encoding="utf-8")
        before, _, rest = text.partition(_BEGIN)
        after = rest.partition(_END)[2]
        new = f"{before}{_BEGIN}\n{table(results, chinese=chinese)}\n{_END}{after}"
        path.write_text(new, encoding="utf-8")


def rendered(path: Path) -> str:
    """Give the table that a readme holds."""
    return path.read_text(encoding="utf-8").partition(_BEGIN)[2].partition(_END)[0].strip()
