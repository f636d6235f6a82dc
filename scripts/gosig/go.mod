module archlint/gosig

go 1.24
