// The port with one bug planted on purpose, to see what the vectors and the hints make of it.
//
//     isotropic vectors check --exec "node ports/javascript/planted.mjs o-rooted"
//
// Without a name it lists the bugs, each with the flags that name it.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { BUGS } from "./bugs.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

// The port's files with the bug in them, in a folder of its own.
function planted({ name, edits }) {
  const folder = mkdtempSync(join(tmpdir(), "planted-"));
  cpSync(here, folder, { recursive: true });
  for (const [file, from, to] of edits) {
    const text = readFileSync(join(folder, file), "utf8");
    if (text.split(from).length !== 2) throw new Error(`${name}: \`${from}\` stands ${text.split(from).length - 1} times in ${file}`);
    writeFileSync(join(folder, file), text.replace(from, () => to));
  }
  return folder;
}

const [, , asked] = process.argv;
if (asked === undefined) {
  for (const { name, flags } of BUGS) console.log([name, ...flags].join(" "));
} else {
  const bug = BUGS.find(({ name }) => name === asked);
  if (!bug) throw new Error(`there is no bug ${asked}`);
  const folder = planted(bug);
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  await import(pathToFileURL(join(folder, "adapter.mjs")));
}
