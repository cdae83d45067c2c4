/** Says which Node.js a key needs, when the running one does not have its algorithm. */
import { algorithmWithIdentifier, type SignatureAlgorithm } from '../algorithms.js';
import { InvalidKey } from '../errors.js';

/** The error for an algorithm that this runtime does not have; undefined when it has it. */
export function missingInRuntime(row: SignatureAlgorithm): InvalidKey | undefined {
  if (row.needs === undefined || row.needs.isMet()) return undefined;
  return new InvalidKey(
    `${row.name} needs ${row.needs.runtime}, and this is Node.js ${process.versions.node} with OpenSSL ${process.versions.openssl}.`,
    'Run it on a newer Node.js, or use a key for another algorithm.',
  );
}

/** The same for a key that could not be read, by the object identifier of its algorithm. */
export function missingAlgorithm(identifier: string | undefined): InvalidKey | undefined {
  const row = identifier === undefined ? undefined : algorithmWithIdentifier(identifier);
  return row && missingInRuntime(row);
}
