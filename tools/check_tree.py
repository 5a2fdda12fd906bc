#!/usr/bin/env python3
"""Checks what the compiler does not: layers, sizes, unfinished marks.

check_tree.py [ROOT]      one line for each finding; exit 1 where there is one
check_tree.py --self-test plants faults in a copy of nothing and expects them to be found
"""
import pathlib
import re
import sys
import tempfile

# A file includes only from its own layer and those before it.
LAYERS = [
    "core/base", "core/tensor", "core/format", "core/graph", "core/ops", "core/run", "core/tokenizer",
    "core/model", "core/analysis", "app/gl", "app/text", "app/ui", "app/figure", "app/document", "app/views",
    "app/window", "app/cli",
]
# What a layer must not know, beyond the order.
FORBIDDEN = [
    ("core/", r'<(imgui|GLFW|glad|EGL|GL/)', "core/ knows no window"),
    ("app/gl/", r'[<"]imgui', "app/gl knows no ImGui"),
    ("app/text/", r'[<"](imgui|glad|EGL|GL/)|"app/gl/', "app/text knows no ImGui and no OpenGL"),
    ("app/ui/", r'[<"](glad|EGL|GL/)|"app/gl/', "app/ui knows no OpenGL"),
    ("app/figure/", r'[<"](glad|EGL|GL/|imgui)|"app/gl/', "app/figure knows no OpenGL and no ImGui"),
    ("app/views/", r'[<"](glad|EGL|GL/)|"app/gl/', "app/views know no OpenGL"),
]
# Files that stand in a folder of a later layer but belong to an earlier one.
BELONGS = {
    "app/views/view_state.h": "app/document",
    "app/views/matrix_values.h": "app/document",
    "app/cli/scenario.h": "app/ui",
    "app/cli/scenario.cpp": "app/ui",
}
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
SOURCES = (".h", ".cpp", ".comp", ".frag", ".vert", ".glsl", ".py", ".cmake", ".sh")
FUNCTION_START = re.compile(r"^[A-Za-z_].*\)\s*(const)?\s*(noexcept)?\s*(override)?\s*(->\s*\S+\s*)?\{\s*$")


def layer_of(path):
    if path.startswith("app/views/state/"):  # plain structs that the document holds
        return LAYERS.index("app/document")
    if path in BELONGS:
        return LAYERS.index(BELONGS[path])
    best = -1
    for number, layer in enumerate(LAYERS):
        if path.startswith(layer + "/"):
            best = number
    return best


def check_includes(path, lines):
    own = layer_of(path)
    for number, line in enumerate(lines, 1):
        if not line.lstrip().startswith("#include"):
            continue
        for folder, pattern, why in FORBIDDEN:
            if path.startswith(folder) and re.search(pattern, line):
                yield f"{path}:{number}: {why}: {line.strip()}"
        found = re.search(r'"((?:core|app)/[^"]+)"', line)
        if found and own >= 0 and layer_of(found.group(1)) > own:
            yield f"{path}:{number}: includes a later layer: {found.group(1)}"


def check_sizes(path, lines):
    if len(lines) > MAX_FILE_LINES:
        yield f"{path}: {len(lines)} lines, {MAX_FILE_LINES} is the limit"
    start = None
    for number, line in enumerate(lines, 1):
        if start is None and FUNCTION_START.match(line):
            start = number
        elif start is not None and line.startswith("}"):
            if number - start > MAX_FUNCTION_LINES:
                yield f"{path}:{start}: a function of {number - start} lines, {MAX_FUNCTION_LINES} is the limit"
            start = None


def check_marks(path, lines):
    for number, line in enumerate(lines, 1):
        if re.search(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b", line):
            yield f"{path}:{number}: an unfinished mark"
        if re.search(r"-ffast-" r"math|-O" r"fast", line):
            yield f"{path}:{number}: fast-math breaks masks"
        if re.search(r"file\s*\(\s*GL" r"OB", line):
            yield f"{path}:{number}: sources are listed, not globbed"


def find_sources(root):
    for folder in ("core", "app", "shaders", "tests", "tools", "cmake"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and (path.suffix in SOURCES or path.name == "CMakeLists.txt"):
                if "tests/data" not in path.as_posix() and "/seeds/" not in path.as_posix():
                    yield path


def check(root):
    findings = []
    for path in find_sources(root):
        name = path.relative_to(root).as_posix()
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        findings += check_includes(name, lines)
        findings += check_sizes(name, lines)
        findings += check_marks(name, lines)
    return findings


def self_test():
    faults = {
        "core/graph/a.h": '#include "core/run/trace.h"\n',
        "core/ops/b.cpp": "#include <imgui.h>\n",
        "app/ui/c.cpp": '#include "app/gl/context.h"\n',
        "app/gl/d.cpp": '#include <imgui.h>\n',
        "core/base/e.cpp": "int long_one() {\n" + "    work();\n" * 70 + "}\n",
        "core/base/f.cpp": "// TO" + "DO\n",
        "core/base/g.cpp": "\n" * 600,
    }
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in faults.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        findings = check(root)
    for name in faults:
        if not any(finding.startswith(name) for finding in findings):
            print(f"the fault planted in {name} was not found")
            return 1
    print(f"all {len(faults)} planted faults were found")
    return 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__ + "/../..").resolve()
    findings = check(root)
    print("\n".join(findings) if findings else "layers, sizes and marks are as they should be")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
