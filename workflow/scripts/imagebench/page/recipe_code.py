"""Taking code out of the modules of ``recipes``: what is asked for, and what that needs."""

import ast
import re
import sys
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

WHERE = re.compile(r"  # where ([\w ]+)$")
MARKS = re.compile(r"  # (noqa|fmt)\b[^#]*$")
"""What is for linters, and not for who reads."""


class Definition(NamedTuple):
    """What stands for one name: its source, and what that is parsed to."""

    source: str
    nodes: tuple[ast.stmt, ...]


Definitions = dict[str, Definition]


@dataclass(frozen=True)
class Code:
    """Code for one data set and one format.

    Attributes:
        holds: the conditions of ``# where`` that hold.
        values: what constants are set to, by their names.
    """

    holds: Set[str]
    values: Mapping[str, Any]
    known: dict[Path, Definitions] = field(default_factory=dict)

    def joined(self, wanted: Iterable[tuple[Path, str]], more: Iterable[str] = ()) -> str:
        """Take definitions out of their modules, with all that they need, in an order that runs.

        Args:
            wanted: modules and names.
            more: imports that are needed besides.
        """
        imports: dict[str, None] = dict.fromkeys(more)
        parts: dict[str, None] = {}
        for file, name in wanted:
            self.collect(file, name, imports, parts)
        longer = [part for part in parts if part.startswith(("def", "class", "@"))]
        constants = "\n".join(part for part in parts if part not in longer)
        top = "\n\n".join(filter(None, [sorted_imports(imports), constants]))
        return "\n\n\n".join([top, *longer]) + "\n"

    def collect(
        self, file: Path, name: str, imports: dict[str, None], parts: dict[str, None]
    ) -> None:
        """Add one definition of a module, after what it needs."""
        source, nodes = self.definitions(file)[name]
        if isinstance(nodes[0], ast.ImportFrom) and nodes[0].level:
            self.collect(file.with_name(f"{nodes[0].module}.py"), name, imports, parts)
            return
        if isinstance(nodes[0], ast.Import | ast.ImportFrom):
            imports[source] = None
            return
        inner = (one for node in nodes for one in ast.walk(node))
        used = {one.id for one in inner if isinstance(one, ast.Name)} - {name}
        for other in self.definitions(file):
            if other in used:
                self.collect(file, other, imports, parts)
        parts[source] = None

    def definitions(self, file: Path) -> Definitions:
        """Give the source of what a module defines at its top, and of its imports, by name."""
        if file not in self.known:
            self.known[file] = defined(self.text(file))
        return self.known[file]

    def text(self, file: Path) -> str:
        """Give a module without its docstring, and without the lines that are not needed."""
        lines = []
        for line in file.read_text(encoding="utf-8").splitlines():
            found = WHERE.search(line)
            if found is None or self.is_so(found[1]):
                lines.append(self.set_to(MARKS.sub("", WHERE.sub("", line))))
        text = "\n".join(lines) + "\n"
        docstring = ast.parse(text).body[0]
        return "\n".join(text.splitlines()[docstring.end_lineno :]).strip() + "\n"

    def is_so(self, condition: str) -> bool:
        """Whether a condition holds, such as "deep and not mode"."""
        return all(
            (word.removeprefix("not ") in self.holds) != word.startswith("not ")
            for word in condition.split(" and ")
        )

    def set_to(self, line: str) -> str:
        """Give a line that sets a constant with the value of this data set."""
        name, is_set, _ = line.partition(" = ")
        return f"{name} = {quoted(self.values[name])}" if is_set and name in self.values else line


def defined(text: str) -> Definitions:
    """Give the definitions of a module; what is done after one by itself goes with it."""
    found: Definitions = {}
    lines, last = text.splitlines(), ""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            kind = f"from {node.module} import" if isinstance(node, ast.ImportFrom) else "import"
            for alias in node.names:
                shown = alias.name + (f" as {alias.asname}" if alias.asname else "")
                name = (alias.asname or alias.name).partition(".")[0]
                found[name] = Definition(f"{kind} {shown}", (node,))
            continue
        decorators = getattr(node, "decorator_list", [])
        first = min(one.lineno for one in [node, *decorators])
        source = "\n".join(lines[first - 1 : node.end_lineno])
        nodes: tuple[ast.stmt, ...] = (node,)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            last = node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            last = node.targets[0].id
        else:
            source, nodes = f"{found[last].source}\n\n\n{source}", (*found[last].nodes, node)
        found[last] = Definition(source, nodes)
    return found


def quoted(value: Any) -> str:
    """Give a value as Python has it, a text in double quotes unless it has quotes itself."""
    if not isinstance(value, str) or "'" in value or '"' in value:
        return repr(value)
    return f'"{repr(value)[1:-1]}"'


def sorted_imports(imports: Iterable[str]) -> str:
    """Put imports into the usual order: the standard library, and then all others."""
    groups: dict[bool, dict[str, set[str]]] = {False: {}, True: {}}
    for line in imports:
        kind, _, names = line.rpartition("import ")
        module = (kind.split() or ["", *names.split()])[1]
        group = groups[module.partition(".")[0] not in sys.stdlib_module_names]
        group.setdefault(kind or line, set()).add(names)
    return "\n\n".join(
        "\n".join(
            f"{kind}import {', '.join(sorted(names))}" if kind.startswith("from") else kind
            for kind, names in sorted(group.items(), key=lambda one: (one[0][0] == "f", one[0]))
        )
        for group in groups.values()
        if group
    )
