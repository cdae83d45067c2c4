import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createServer } from '../src/index.js';
import { start, temporaryFolder } from './running.js';

/** The permissions of every file at the moment before they are set, and what setting them fails with. */
const found = vi.hoisted(() => Object.assign([] as number[], { trouble: undefined as Error | undefined }));

vi.mock('node:fs/promises', async (original) => {
  const files = await original<typeof import('node:fs/promises')>();
  const chmod: typeof files.chmod = (path, mode) => {
    found.push(statSync(path).mode & 0o777);
    if (found.trouble !== undefined) return Promise.reject(found.trouble);
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

  it('is closed again when its permissions cannot be set: who cannot start serves nobody', async () => {
    const path = join(await temporaryFolder(), 'own.sock');
    found.trouble = Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' });
    onTestFinished(() => {
      found.trouble = undefined;
    });
    await expect(start(createServer('Socket').listener({ path }).enable())).rejects.toBe(found.trouble);
    expect(existsSync(path)).toBe(false);
  });
});
