// Command gosig writes the exported API of Go packages as a compact table.
//
// It type-checks package sources without function bodies, so nothing is compiled and nothing of the
// packages runs. The format is described in archlint/knowledge/golang/README.md.
//
//	gosig -date 2026-11-23 -o std.gosig std
//	gosig -date 2026-11-23 -o third_party.gosig -C DIR PACKAGE...
package main

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"sort"
	"strings"
)

// Header is the first line of the table: where the facts come from and where each package lies.
type Header struct {
	Source   string            `json:"source"`
	Go       string            `json:"go"`
	Date     string            `json:"date"`
	Systems  []string          `json:"systems"`
	Modules  map[string]string `json:"modules,omitempty"`
	Packages map[string][2]int `json:"packages"`
}

func main() {
	log.SetFlags(0)
	out := flag.String("o", "", "output file")
	text := flag.String("text", "", "also write the table unpacked to this file")
	date := flag.String("date", "", "date of the table, YYYY-MM-DD")
	dir := flag.String("C", ".", "folder whose go.mod resolves the packages")
	source := flag.String("source", "the Go distribution", "what the table describes")
	systems := flag.String("systems", "linux,windows,darwin", "GOOS values, the first one wins")
	flag.Parse()
	if *out == "" || *date == "" || flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	table := newTable()
	for _, system := range strings.Split(*systems, ",") {
		loaded, err := load(*dir, system, flag.Args())
		if err != nil {
			log.Fatalf("%s: %v", system, err)
		}
		table.add(loaded)
	}
	header := Header{Source: *source, Go: runtime.Version(), Date: *date,
		Systems: strings.Split(*systems, ","), Modules: table.modules}
	if err := write(*out, *text, header, table); err != nil {
		log.Fatal(err)
	}
}

// write packs the table: the header, a newline, then one zlib stream for each package.
func write(path, text string, header Header, table *table) error {
	var body, plain bytes.Buffer
	header.Packages = map[string][2]int{}
	for _, name := range table.sorted() {
		chunk := table.render(name)
		if chunk == "" {
			continue
		}
		fmt.Fprintf(&plain, "# %s\n%s\n", name, chunk)
		at := body.Len()
		packer, _ := zlib.NewWriterLevel(&body, zlib.BestCompression)
		if _, err := packer.Write([]byte(chunk)); err != nil {
			return err
		}
		if err := packer.Close(); err != nil {
			return err
		}
		header.Packages[name] = [2]int{at, body.Len() - at}
	}
	first, err := json.Marshal(header)
	if err != nil {
		return err
	}
	log.Printf("%s: %d packages, %d bytes plain, %d packed", path, len(header.Packages), plain.Len(), body.Len())
	if text != "" {
		if err := os.WriteFile(text, plain.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(path, append(append(first, '\n'), body.Bytes()...), 0o644)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
