# theorems.yaml → one line "statement file theorem" a theorem. Anything else in the file is an error.
/^[ \t]*(#|$)/ { next }
/^[A-Za-z][A-Za-z0-9]*:[ \t]*$/ { id = $1; sub(/:.*/, "", id); if (id in seen) bad("statement listed twice"); seen[id] = 1; next }
/^  - \{theorem: [A-Za-z_][A-Za-z_0-9']*, file: [a-z_]+\.v\}[ \t]*$/ {
  if (id == "") bad("no statement before this line")
  gsub(/[{},]/, " "); print id, $5, $3; next
}
{ bad("neither \"ID:\" nor \"  - {theorem: NAME, file: FILE.v}\"") }
function bad(why) { print FILENAME ":" FNR ": " why ": " $0 > "/dev/stderr"; failed = 1; exit 1 }
END { exit failed }
