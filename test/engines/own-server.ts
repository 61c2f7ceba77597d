import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../harness/free-port.ts';

/** A PostgreSQL of Debian's packages on a TCP port of its own, with passwords: the embedded one trusts its socket. */
export interface OwnServer {
  readonly port: number;
  start(): void;
  stop(mode: 'fast' | 'immediate'): void;
  remove(): void;
}

export const SUPERUSER_PASSWORD = 'super-secret';

export async function startOwnServer(): Promise<OwnServer> {
  const [version] = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a));
  const bin = `/usr/lib/postgresql/${version}/bin`;
  const folder = mkdtempSync('/tmp/broadsheet-own-server-');
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const run = (program: string, args: string[]): void => {
    execFileSync(join(bin, program), args, { ...user, cwd: folder, stdio: 'ignore', timeout: 110_000 });
  };
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, SUPERUSER_PASSWORD, { mode: 0o644 });
  run('initdb', ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync']);
  const port = await freePort();
  const files = { key: join(folder, 'server.key'), certificate: join(folder, 'server.crt') };
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, '-keyout', files.key, '-out', files.certificate],
    { ...user, stdio: 'ignore' },
  );
  appendFileSync(
    join(data, 'postgresql.conf'),
    `\nport = ${port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '${folder}'\nfsync = off\nssl = on\nssl_key_file = '${files.key}'\nssl_cert_file = '${files.certificate}'\n`,
  );
  const server: OwnServer = {
    port,
    start: () => run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), 'start']),
    stop: (mode) => run('pg_ctl', ['-D', data, '-w', '-m', mode, 'stop']),
    remove: () => {
      server.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  server.start();
  return server;
}

const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
