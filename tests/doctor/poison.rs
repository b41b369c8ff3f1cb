//! Settings that break the go command, each with the four releases that they were measured with: it is seen to fail where
//! it was measured to fail, the finding is there and nowhere else, and the cure works.

use crate::rows::{Row, play};
use crate::stage::tally;

const NONE: Row = Row { name: "", set: "", file: "", go: "go version", after: "", found: [""; 4] };

const fn all(id: &'static str) -> [&'static str; 4] {
    [id; 4]
}

const ROWS: [Row; 64] = [
    Row { name: "GOROOT missing", set: "export GOROOT=/nonexistent", found: all("E101"), ..NONE },
    Row { name: "GOROOT relative", set: "export GOROOT=go", found: all("E101"), ..NONE },
    Row {
        name: "GOROOT missing, in go/env",
        file: "GOROOT=/nonexistent\n",
        found: all("E101"),
        ..NONE
    },
    Row {
        name: "GOROOT of another",
        set: "export GOROOT=$OTHER",
        go: "go build -o x .",
        found: all("E102"),
        ..NONE
    },
    Row {
        name: "GOROOT of another, in go/env",
        file: "\nGOROOT=$OTHER\n",
        go: "go build -o x .",
        found: all("E102"),
        ..NONE
    },
    Row {
        name: "GOROOT without src",
        set: "export GOROOT=$SELF/bin",
        go: "go build -o x .",
        found: all("E103"),
        ..NONE
    },
    Row { name: "GOROOT empty", set: "export GOROOT=", go: "go build -o x .", ..NONE },
    Row {
        name: "GOTOOLCHAIN=bogus",
        set: "export GOTOOLCHAIN=bogus",
        found: ["", "", "E210", "E210"],
        ..NONE
    },
    Row {
        name: "GOTOOLCHAIN=1.22",
        set: "export GOTOOLCHAIN=1.22",
        found: ["", "", "E210", "E210"],
        ..NONE
    },
    Row {
        name: "GOTOOLCHAIN=go9.99.9",
        set: "export GOTOOLCHAIN=go9.99.9",
        found: ["", "", "E210", "E210"],
        ..NONE
    },
    Row {
        name: "GOTOOLCHAIN=bogus in go/env",
        file: "GOTOOLCHAIN=bogus\n",
        found: ["", "", "E210", "E210"],
        ..NONE
    },
    Row {
        name: "GOTOOLCHAIN=go1.99",
        set: "export GOTOOLCHAIN=go1.99 GOPROXY=off",
        found: ["", "", "E210", "E210"],
        ..NONE
    },
    Row {
        name: "GOTOOLCHAIN=auto+path",
        set: "export GOTOOLCHAIN=auto+path",
        found: ["", "", "E210", "E210"],
        ..NONE
    },
    Row {
        name: "GOTOOLCHAIN not to be had",
        set: "export GOTOOLCHAIN=go1.99.9 GOPROXY=off",
        found: ["", "", "E211", "E211"],
        ..NONE
    },
    Row {
        name: "go 1.99, local",
        set: "export GOTOOLCHAIN=local; [ -e go.mod.bak ] || printf 'module x\\n\\ngo 1.99\\n' > go.mod",
        go: "go build -o x .",
        found: ["n:E212", "E212", "E212", "E212"],
        ..NONE
    },
    Row {
        name: "go 1.99, auto, proxy off",
        set: "export GOTOOLCHAIN=auto GOPROXY=off; [ -e go.mod.bak ] || printf 'module x\\n\\ngo 1.99\\n' > go.mod",
        go: "go build -o x .",
        found: ["n:E212", "E212", "E216", "E216"],
        ..NONE
    },
    Row {
        name: "go 1.99, path",
        set: "export GOTOOLCHAIN=path; [ -e go.mod.bak ] || printf 'module x\\n\\ngo 1.99\\n' > go.mod",
        go: "go build -o x .",
        found: ["n:E212", "E212", "E216", "E216"],
        ..NONE
    },
    Row {
        name: "toolchain line, local",
        set: "export GOTOOLCHAIN=local; [ -e go.mod.bak ] || printf 'module x\\n\\ngo 1.13\\n\\ntoolchain go1.99.1\\n' > go.mod",
        go: "go build -o x .",
        found: ["E213", "E213", "", ""],
        ..NONE
    },
    Row {
        name: "toolchain line, auto, proxy off",
        set: "export GOTOOLCHAIN=auto GOPROXY=off; [ -e go.mod.bak ] || printf 'module x\\n\\ngo 1.13\\n\\ntoolchain go1.99.1\\n' > go.mod",
        go: "go build -o x .",
        found: ["E213", "E213", "E216", "E216"],
        ..NONE
    },
    Row {
        name: "go 1.13.1",
        set: "[ -e go.mod.bak ] || printf 'module x\\n\\ngo 1.13.1\\n' > go.mod",
        go: "go build -o x .",
        found: ["", "E214", "", ""],
        ..NONE
    },
    Row { name: "GOPROXY empty", set: "export GOPROXY=", ..NONE },
    Row {
        name: "GOPROXY=|",
        set: "export GOPROXY='|'; printf 'module x\\n\\ngo 1.13\\n\\nrequire example.com/dep v1.0.0\\n' > go.mod",
        go: "go mod download",
        after: "go version",
        found: all("E240"),
        ..NONE
    },
    Row {
        name: "GOPROXY=,",
        set: "export GOPROXY=,; printf 'module x\\n\\ngo 1.13\\n\\nrequire example.com/dep v1.0.0\\n' > go.mod",
        go: "go mod download",
        after: "go version",
        found: all("E240"),
        ..NONE
    },
    Row {
        name: "GOPROXY=foo",
        set: "export GOPROXY=foo; printf 'module x\\n\\ngo 1.13\\n\\nrequire example.com/dep v1.0.0\\n' > go.mod",
        go: "go mod download",
        after: "go version",
        found: all("E240"),
        ..NONE
    },
    Row {
        name: "GOPROXY=ftp://x in go/env",
        set: "unset GOPROXY; printf 'module x\\n\\ngo 1.13\\n\\nrequire example.com/dep v1.0.0\\n' > go.mod",
        file: "GOPROXY=ftp://x\n",
        go: "go mod download",
        after: "go version",
        found: all("E240"),
    },
    Row {
        name: "GOPROXY=URL|off",
        set: "export GOPROXY='http://127.0.0.1:9|off'",
        go: "",
        after: "go version",
        found: ["E240", "", "", ""],
        ..NONE
    },
    Row {
        name: "GOPROXY=off without go.sum",
        set: "export GOPROXY=off; printf 'module x\\n\\ngo 1.13\\n\\nrequire example.com/dep v1.0.0\\n' > go.mod",
        go: "",
        after: "go version",
        found: all("w:E241"),
        ..NONE
    },
    Row { name: "GOFLAGS=-nosuch", set: "export GOFLAGS=-nosuch", found: all("E220"), ..NONE },
    Row {
        name: "GOFLAGS=-nosuch in go/env",
        file: "GOFLAGS=-nosuch\n",
        found: all("E220"),
        ..NONE
    },
    Row { name: "GOFLAGS=mod=mod", set: "export GOFLAGS=mod=mod", found: all("E221"), ..NONE },
    Row {
        name: "GOFLAGS=-buildvcs=false",
        set: "export GOFLAGS=-buildvcs=false",
        found: ["E220", "", "", ""],
        ..NONE
    },
    Row {
        name: "GOFLAGS=-ldflags=-s -w",
        set: "export GOFLAGS='-ldflags=-s -w'",
        go: "go env GOROOT",
        found: all("E222"),
        ..NONE
    },
    Row {
        name: "GOFLAGS=-mod=vendor in go/env",
        file: "GOFLAGS=-mod=vendor\n",
        go: "",
        after: "go version",
        found: all("n:E223"),
        ..NONE
    },
    Row {
        name: "GOOS=windows in go/env",
        file: "GOOS=windows\n",
        go: "",
        after: "go run .",
        found: all("w:E230"),
        ..NONE
    },
    Row {
        name: "GOARCH=arm64 in go/env",
        file: "GOARCH=arm64\n",
        go: "",
        after: "go run .",
        found: all("w:E230"),
        ..NONE
    },
    Row {
        name: "GOOS=plan10",
        set: "export GOOS=plan10",
        go: "go build -o x .",
        found: all("E231"),
        ..NONE
    },
    Row {
        name: "GOARCH=bogus in go/env",
        file: "GOARCH=bogus\n",
        go: "go build -o x .",
        found: all("E231"),
        ..NONE
    },
    Row {
        name: "GO111MODULE=off",
        set: "export GO111MODULE=off",
        go: "",
        after: "go list -m",
        found: all("w:E251"),
        ..NONE
    },
    Row {
        name: "GO111MODULE=bogus",
        set: "export GO111MODULE=bogus",
        go: "go build -o x .",
        found: all("E250"),
        ..NONE
    },
    Row {
        name: "GO111MODULE=bogus in go/env",
        file: "GO111MODULE=bogus\n",
        go: "go build -o x .",
        found: all("E250"),
        ..NONE
    },
    Row {
        name: "GOCACHE=off",
        set: "export GOCACHE=off",
        go: "go build -o x .",
        after: "go list fmt",
        found: all("E411"),
        ..NONE
    },
    Row {
        name: "GOCACHE relative",
        set: "export GOCACHE=cache",
        go: "go build -o x .",
        after: "go list fmt",
        found: all("E411"),
        ..NONE
    },
    Row {
        name: "GOMODCACHE relative",
        set: "export GOMODCACHE=mod",
        go: "go build -o x .",
        found: ["", "w:E412", "w:E412", "w:E412"],
        ..NONE
    },
    Row {
        name: "GOBIN relative",
        set: "export GOBIN=bin",
        go: "go install .",
        found: all("E264"),
        ..NONE
    },
    Row { name: "GOPATH relative", set: "export GOPATH=go", found: all("E260"), ..NONE },
    Row { name: "GOPATH=~/go", set: "export GOPATH='~/go'", found: all("E260"), ..NONE },
    Row {
        name: "GOPATH=~/go in go/env",
        set: "unset GOPATH",
        file: "GOPATH=~/go\n",
        found: all("E260"),
        ..NONE
    },
    Row {
        name: "GOPATH=GOROOT",
        set: "export GOPATH=$SELF",
        go: "go build -o x .",
        found: all("w:E261"),
        ..NONE
    },
    Row {
        name: "GOPATH=a::b",
        set: "export GOPATH=$HOME/a::$HOME/b",
        go: "go build -o x .",
        ..NONE
    },
    Row {
        name: "GOPATH=:a",
        set: "export GOPATH=:$HOME/a",
        go: "go build -o x .",
        found: ["E262", "", "", ""],
        ..NONE
    },
    Row {
        name: "go.mod in GOPATH",
        set: "mkdir -p $GOPATH; [ -e done ] || echo 'module x' > $GOPATH/go.mod; touch done",
        go: "go build -o x . && rm x",
        found: ["E263", "E263", "w:E263", "w:E263"],
        ..NONE
    },
    Row {
        name: "CC=bogus",
        set: "export CC=bogus; unset CGO_ENABLED",
        go: "go build -o x .",
        found: all("w:E501"),
        ..NONE
    },
    Row {
        name: "CC=bogus, with C",
        set: "export CC=bogus CGO_ENABLED=1; printf 'package main\\n\\nimport \"C\"\\n\\nfunc main() {}\\n' > main.go",
        go: "go build -o x .",
        found: all("E501"),
        ..NONE
    },
    Row {
        name: "cgo off, with C",
        set: "printf 'package main\\n\\nimport \"C\"\\n\\nfunc main() {}\\n' > main.go",
        go: "go build -o x .",
        found: all("E502"),
        ..NONE
    },
    Row {
        name: "GONOSUMDB=[",
        set: "export GONOSUMDB=[",
        go: "go build -o x .",
        found: all("w:E242"),
        ..NONE
    },
    Row {
        name: "GOPRIVATE=[ in go/env",
        file: "GOPRIVATE=[\n",
        go: "go build -o x .",
        found: all("w:E242"),
        ..NONE
    },
    Row {
        name: "GOSUMDB=bogus",
        set: "export GOSUMDB=bogus",
        go: "go build -o x .",
        found: all("w:E273"),
        ..NONE
    },
    Row {
        name: "GOENV missing",
        set: "export GOENV=/nonexistent/env GODEBUG=nosuch=1",
        go: "go build -o x .",
        ..NONE
    },
    Row {
        name: "GOEXPERIMENT=bogus",
        set: "export GOEXPERIMENT=bogus",
        found: ["", "E270", "E270", "E270"],
        ..NONE
    },
    Row {
        name: "GOEXPERIMENT=bogus in go/env",
        file: "GOEXPERIMENT=bogus\n",
        found: ["", "E270", "E270", "E270"],
        ..NONE
    },
    Row {
        name: "GOAMD64=v9",
        set: "export GOAMD64=v9",
        found: ["", "E271", "E271", "w:E271"],
        ..NONE
    },
    Row {
        name: "GOWORK relative",
        set: "export GOWORK=bogus",
        go: "go build -o x .",
        found: ["", "E272", "E272", "E272"],
        ..NONE
    },
    Row {
        name: "GOWORK missing",
        set: "export GOWORK=/nonexistent/go.work",
        go: "go build -o x .",
        found: ["", "E272", "E272", "E272"],
        ..NONE
    },
    Row { name: "CGO_ENABLED=yes", set: "export CGO_ENABLED=yes", go: "go build -o x .", ..NONE },
];

/// With one of the four.
fn with(version: &str) {
    let played = play(&ROWS, version);
    if played > 0 {
        tally::say("settings, each found where it bites and nowhere else", played);
    }
}

#[test]
fn each_setting_is_found_where_1_13_stumbles_and_nowhere_else() {
    with("1.13.15");
}

#[test]
fn each_setting_is_found_where_1_20_stumbles_and_nowhere_else() {
    with("1.20.14");
}

#[test]
fn each_setting_is_found_where_1_22_stumbles_and_nowhere_else() {
    with("1.22.10");
}

#[test]
fn each_setting_is_found_where_1_27_stumbles_and_nowhere_else() {
    with("1.27.4");
}
