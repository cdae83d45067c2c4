import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withLock } from '../src/certificates/lock.js';
import { temporaryFolder } from './running.js';

describe('the lock on the development certificates', () => {
  it('is held by one at a time, also when all of them find the lock of a start that died', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'lock');
    await writeFile(file, '');
    await utimes(file, new Date(0), new Date(0));
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await readdir(folder);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 10 }, () => withLock(file, work)));
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not removed by whoever has lost it', async () => {
    const file = join(await temporaryFolder(), 'lock');
    await withLock(file, () => writeFile(file, 'another start'));
    expect(await readFile(file, 'utf8')).toBe('another start');
  });

  it('that was lost lets nothing be written: the work begins again, under a lock of its own', async () => {
    const file = join(await temporaryFolder(), 'lock');
    const written: number[] = [];
    let attempts = 0;
    await withLock(file, async (stillMine) => {
      attempts += 1;
      if (attempts === 1) {
        await writeFile(file, 'another start');
        await utimes(file, new Date(0), new Date(0));
      }
      await stillMine();
      written.push(attempts);
    });
    expect(written).toEqual([2]);
  });

  it('is given back when the work fails', async () => {
    const folder = await temporaryFolder();
    const failing = withLock(join(folder, 'lock'), () => Promise.reject(new Error('no room')));
    await expect(failing).rejects.toThrow('no room');
    expect(await readdir(folder)).toEqual([]);
  });
});
