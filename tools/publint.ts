/** publint: each tarball's entry points exist and load in Node.js, bundlers and browsers as the manifest says. */
import { readFileSync } from 'node:fs';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { report } from './findings.ts';
import { packAll } from './pack.ts';

const findings: string[] = [];
for (const { name, tarball } of await packAll()) {
  const bytes = readFileSync(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  });
  for (const message of messages)
    findings.push(
      `${name}: ${formatMessage(message, pkg, { color: false }) ?? message.code} (${message.code})`,
    );
}
report(
  'publint',
  findings,
  "Mend the package's package.json; each code is explained on publint's page of rules.",
  'the manifests agree with the files',
);
