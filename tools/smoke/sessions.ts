/** A program of somebody whose sessions can be taken back: in memory, and in a file where Node.js has SQLite. */
import { rejects, strictEqual, throws } from 'node:assert/strict';
import { memory, RefreshRefused, type SessionStore, sessions } from '@tokenwright/auth/sessions';
import { sqlite } from '@tokenwright/auth/sessions/sqlite';
import { JwtBuilder } from '@tokenwright/jwt';

const jwt = new JwtBuilder()
  .issuer('KestrunApi')
  .audience('KestrunClients')
  .signWith({ hex: '6f1a'.repeat(16) });

async function tryOut(store: SessionStore): Promise<void> {
  const login = sessions({ store, jwt });
  const validator = jwt.validator({ isRevoked: login.isRevoked });
  const { token, refreshToken } = await login.signIn({ subject: 'ada' });
  strictEqual((await validator.verify(token)).claims.sub, 'ada');
  const next = await login.refresh(refreshToken);
  await login.revokeSubject('ada');
  await rejects(validator.verify(next.token), { code: 'ERR_JWT_REVOKED' });
  await rejects(login.refresh(next.refreshToken), RefreshRefused);
  await store.close();
}

await tryOut(memory());
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 13)) await tryOut(sqlite('sessions.db'));
else throws(() => sqlite('sessions.db'), /22\.13/);
console.log('sessions: signed in, refreshed and revoked');
