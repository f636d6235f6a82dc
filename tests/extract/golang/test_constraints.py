from __future__ import annotations

import pytest

from archlint.extract.golang.constraints import constraint


@pytest.mark.parametrize(
    ("path", "header", "expected"),
    [
        ("a/b.go", b"", ""),
        ("a/linux.go", b"", ""),
        ("a/b_linux.go", b"", "linux"),
        ("a/b_test.go", b"", ""),
        ("a/b_windows_test.go", b"", "windows"),
        ("a/b_linux_arm64.go", b"", "linux && arm64"),
        ("a/b_arm64_linux.go", b"", "linux"),
        ("a/b_linux_extra.go", b"", ""),
        ("b.go", b"//go:build  linux ||  darwin\n", "linux || darwin"),
        ("b_amd64.go", b"//go:build linux || darwin\n", "amd64 && (linux || darwin)"),
        (
            "b.go",
            b"// +build linux,!cgo darwin\n// +build go1.5\n",
            "((linux && !cgo) || darwin) && go1.5",
        ),
        ("b.go", b"//go:build tools\n// +build tools\n", "tools"),
        ("b.go", b"// a word on +build lines\n", ""),
    ],
)
def test_constraint(path: str, header: bytes, expected: str) -> None:
    assert constraint(path, header) == expected
