import { expect, it } from 'vitest';
import * as server from '../src/index.js';

it('the package has these names and no others', () => {
  expect(Object.keys(server).toSorted()).toEqual([
    'CertificateError',
    'ListenError',
    'createLogger',
    'createServer',
    'developmentCertificate',
    'developmentCertificateFolder',
    'localPath',
    'resourceMetadata',
    'tokenEndpoints',
    'tokenResponse',
  ]);
});
