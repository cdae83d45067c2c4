#!/usr/bin/env node
/** The `tokenwright` command: looks at the runtime before it loads anything that an older one could not read. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 20 || (major === 20 && minor >= 19)) {
  import('./program.js').then(({ run }) => run(process.argv.slice(2)));
} else {
  process.stderr.write(
    `tokenwright: Node.js 20.19 or later is needed, and this is ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
}

export {};
