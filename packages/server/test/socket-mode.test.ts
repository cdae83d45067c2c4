import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createServer } from '../src/index.js';
import { start, temporaryFolder } from './running.js';

/** The permissions of every file at the moment before they are set. */
const found = vi.hoisted(() => [] as number[]);

vi.mock('node:fs/promises', async (original) => {
  const files = await original<typeof import('node:fs/promises')>();
  const chmod: typeof files.chmod = (path, mode) => {
    found.push(statSync(path).mode & 0o777);
    return files.chmod(path, mode);
  };
  return { ...files, chmod };
});

describe('the file of a Unix socket', () => {
  it.each([0o600, 0o660])(
    'is made with no more rights than it shall have, whatever the mask: %o',
    async (mode) => {
      const before = process.umask(0);
      try {
        found.length = 0;
        const path = join(await temporaryFolder(), 'own.sock');
        await start(createServer('Socket').listener({ path, mode }).enable());
        expect(found).toEqual([mode]);
        expect(statSync(path).mode & 0o777).toBe(mode);
        expect(process.umask()).toBe(0);
      } finally {
        process.umask(before);
      }
    },
  );
});
