# Rocq source without its comments, which nest, and without what stands in its strings. Rocq reads strings inside
# comments too, so that a quotation mark hides "*)" there; so does this.
{
  line = ""
  for (i = 1; i <= length($0); i++) {
    two = substr($0, i, 2)
    one = substr($0, i, 1)
    if (one == "\"") { quoted = !quoted; if (!depth) line = line one }
    else if (quoted) continue
    else if (two == "(*") { depth++; i++ }
    else if (two == "*)" && depth) { depth--; i++; line = line " " }
    else if (!depth) line = line one
  }
  print line
}
END {
  if (quoted) { print FILENAME ": a string is not closed" > "/dev/stderr"; exit 1 }
  if (depth) { print FILENAME ": a comment is not closed" > "/dev/stderr"; exit 1 }
}
