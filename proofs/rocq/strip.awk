# Rocq source without its comments, which nest.
{
  line = ""
  for (i = 1; i <= length($0); i++) {
    two = substr($0, i, 2)
    if (two == "(*") { depth++; i++ }
    else if (two == "*)" && depth) { depth--; i++; line = line " " }
    else if (!depth) line = line substr($0, i, 1)
  }
  print line
}
END { if (depth) { print FILENAME ": a comment is not closed" > "/dev/stderr"; exit 1 } }
