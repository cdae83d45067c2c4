/** `@tokenwright/jwt/inspect` is for browsers: the built entry point is bundled as a user's bundler would, and run bare. */
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJLZXN0cnVuQXBpIiwic3ViIjoiYWRtaW4iLCJuYW1lIjoiw4VzYSJ9.AAAA';

let code: string;
let inputs: string[];

beforeAll(async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: "export { inspect } from '@tokenwright/jwt/inspect';",
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'tokenwright',
    metafile: true,
    write: false,
  });
  code = outputFiles[0]?.text ?? '';
  inputs = Object.keys(metafile.inputs);
});

describe('@tokenwright/jwt/inspect, bundled for a browser', () => {
  it('takes in its own files only: nothing of Node.js, and not even jose', () => {
    expect(inputs.filter((file) => !/^(dist\/[\w/-]+\.js|<stdin>)$/.test(file))).toEqual([]);
  });

  it('reads a token where there is only JavaScript, atob and TextDecoder', () => {
    const context = createContext({ atob, TextDecoder, token: TOKEN });
    const seen = runInContext(
      `${code}; const seen = tokenwright.inspect(token); JSON.stringify([seen.issuer, seen.claims.name, seen.faults])`,
      context,
    );
    expect(JSON.parse(seen)).toEqual(['KestrunApi', 'Åsa', []]);
  });

  it('finds the faults of what is no token there, too', () => {
    const context = createContext({ atob, TextDecoder });
    expect(runInContext(`${code}; tokenwright.inspect('no token').faults.length`, context)).toBeGreaterThan(
      0,
    );
  });
});
