"""What can be known of the Swift package without a Swift compiler.

Every source parses, the README's examples too; the C header compiles; the library exports every function that the
header declares; the checksums that the Swift code asks for are those that the library gives, and a C program that calls
it runs: over the library that is shipped, and over the one that has besides what only tests call.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tree_sitter
import tree_sitter_swift

PACKAGE = Path(__file__).resolve().parent.parent / "swift"
GENERATED = PACKAGE / "Sources/Bareme/Generated/Bareme.swift"
HEADER = PACKAGE / "Sources/BaremeFFI/include/BaremeFFI.h"
LIBRARY = Path(os.environ["BAREME_LIBRARY"])
TESTING = Path(os.environ["BAREME_SWIFT_TESTING"])
LIBRARY_TESTING = Path(os.environ["BAREME_LIBRARY_TESTING"])
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_swift.language()))

PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include "BaremeFFI.h"

int main(void) {
%s
    RustCallStatus status = {0};
    RustBuffer version = uniffi_bareme_mobile_fn_func_bareme_version(&status);
    if (status.code != 0 || version.len == 0) return 3;
    printf("%%.*s\\n", (int)version.len, (const char *)version.data);
    ffi_bareme_mobile_rustbuffer_free(version, &status);
%s
    return 0;
}
"""

# A panic inside comes back as an error, and the process lives.
PANIC = """
    uniffi_bareme_mobile_fn_func_self_test_panic(&status);
    if (status.code != 1) return 4;
    ffi_bareme_mobile_rustbuffer_free(status.errorBuf, &status);
"""


def broken(source: str) -> list[str]:
    """List the lines that do not parse."""
    found = []
    waiting = [PARSER.parse(source.encode()).root_node]
    while waiting:
        node = waiting.pop()
        if node.type == "ERROR" or node.is_missing:
            found.append(f"{node.start_point[0] + 1}: {source.splitlines()[node.start_point[0]]}")
        waiting.extend(child for child in node.children if child.has_error or child.is_missing)
    return found


def run(*command: object) -> str:
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout


class Swift(unittest.TestCase):
    def test_every_source_parses(self) -> None:
        sources = [path for path in PACKAGE.rglob("*.swift") if ".build" not in path.parts]
        self.assertGreaterEqual(len(sources), 8)
        self.assertIn("Readme.swift", [path.name for path in sources])
        for path in sources:
            # Attributes inside `#if`, which the grammar does not know.
            text = path.read_text("utf-8").replace("@_documentation(visibility: private)", "")
            self.assertEqual(broken(text), [], path.name)
        self.assertNotEqual(broken("func f( {"), [])

    def test_comments_are_carried(self) -> None:
        text = GENERATED.read_text("utf-8")
        for line in re.findall(r"^public struct (\w+)", text, re.M):
            if not line.startswith("FfiConverter"):
                self.assertRegex(text, rf"\*/\npublic struct {line}\b", f"{line} has no comment")

    def test_objects_and_values_may_cross_threads(self) -> None:
        text = GENERATED.read_text("utf-8")
        for name in re.findall(r"^(?:open class|public struct|public enum) (\w+)", text, re.M):
            if not name.startswith(("FfiConverter", "NoPointer")):
                self.assertRegex(text, rf"\b{name}\b[^{{\n]*Sendable", f"{name} is not Sendable")

    def test_the_library_is_that_of_the_header(self) -> None:
        for header, library, smallest in ((HEADER, LIBRARY, 100), (TESTING / "BaremeFFI.h", LIBRARY_TESTING, 103)):
            declared = set(re.findall(r"\b((?:uniffi|ffi)_bareme_mobile_\w+)\s*\(", header.read_text("utf-8")))
            self.assertGreater(len(declared), smallest)
            exported = set(run("nm", "--dynamic", "--defined-only", "--format=just-symbols", library).split())
            self.assertEqual(declared - exported, set())
            self.assertEqual("self_test" in " ".join(exported), library == LIBRARY_TESTING)

    def test_a_c_program_runs_over_it(self) -> None:
        self.check_in_c(GENERATED, HEADER, LIBRARY, "")
        self.check_in_c(TESTING / "Bareme.swift", TESTING / "BaremeFFI.h", LIBRARY_TESTING, PANIC)

    def check_in_c(self, swift_file: Path, header: Path, library: Path, more: str) -> None:
        swift = swift_file.read_text("utf-8")
        sums = re.findall(r"(uniffi_bareme_mobile_checksum_\w+)\(\) != (\d+)", swift)
        self.assertGreater(len(sums), 50)
        checks = "\n".join(f"    if ({name}() != {value}) return 2;" for name, value in sums)
        contract = re.search(r"bindings_contract_version = (\d+)", swift)
        assert contract is not None
        checks += f"\n    if (ffi_bareme_mobile_uniffi_contract_version() != {contract[1]}) return 2;"
        with tempfile.TemporaryDirectory() as folder:
            source, program = Path(folder, "main.c"), Path(folder, "main")
            source.write_text(PROGRAM % (checks, more), "utf-8")
            # The two words are those of Apple's compilers.
            flags = ["-Wall", "-Werror", "-D_Nonnull=", "-D_Nullable=", f"-I{header.parent}"]
            run("gcc", *flags, source, library, f"-Wl,-rpath,{library.parent}", "-o", program)
            self.assertRegex(run(program), r"^\d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-q"])
