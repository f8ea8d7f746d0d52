# From `cargo bench -- --output-format bencher` to a table: one line a benchmark, with the median in a readable unit.
# The name is "test GROUP/FUNCTION/PARAMETER ... bench: N ns/iter (+/- M)".
/^test .* bench: / {
    name = $0
    sub(/^test /, "", name)
    sub(/ \.\.\. bench: .*/, "", name)
    value = $0
    sub(/.* bench: +/, "", value)
    sub(/ ns\/iter.*/, "", value)
    gsub(/,/, "", value)
    unit = "ns"
    if (value >= 1e9) { value /= 1e9; unit = "s" }
    else if (value >= 1e6) { value /= 1e6; unit = "ms" }
    else if (value >= 1e3) { value /= 1e3; unit = "µs" }
    slash = index(name, "/")
    printf "| %s | %s | %.3g %s |\n", substr(name, 1, slash - 1), substr(name, slash + 1), value, unit
}
