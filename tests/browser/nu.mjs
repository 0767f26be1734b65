// The Nu HTML Checker over a folder of saved pages, in one run.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { basename } from "node:path";

const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");

/** Returns, for each file with an error or a warning, the list of its messages. */
export async function faults(folder) {
  const { messages } = JSON.parse(await run(folder));
  const found = new Map();
  for (const message of messages) {
    if (message.type === "info" && message.subType !== "warning") continue;
    const file = basename(message.url ?? "");
    const line = `line ${message.lastLine ?? "?"}: ${message.message}`;
    found.set(file, [...(found.get(file) ?? []), line]);
  }
  return found;
}

function run(folder) {
  const arguments_ = ["-Xss1m", "-jar", jar, "--stdout", "--exit-zero-always", "--format", "json", "--skip-non-html", folder];
  return new Promise((resolve, reject) => {
    execFile("java", arguments_, { maxBuffer: 64 << 20 }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
}
