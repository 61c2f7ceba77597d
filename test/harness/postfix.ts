import { execFile, spawn } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { untilListening } from './smtp-ports.ts';

const run = promisify(execFile);
const PROGRAM_MS = 100_000;
const DELIVERY_MS = 60_000;
const NOBODY = 65_534;

/** A real Postfix on loopback: STARTTLS, implicit TLS, AUTH, a size limit, and one maildir for every `…@box.test`. */
export interface Postfix {
  /** SMTP_URLs with the login and the server's certificate. */
  readonly startTlsUrl: string;
  readonly tlsUrl: string;
  readonly startTlsPort: number;
  readonly certificate: string;
  readonly sizeLimit: number;
  /** The mails that lie in the maildir, once there are at least `count`. */
  mails(count: number): Promise<Buffer[]>;
  emptyMailbox(): Promise<void>;
  stop(): Promise<void>;
}

const POSTFIX_LOGIN = { user: 'reporter@mail.test', pass: 's3cret/with:odd@chars' };

/** Needs root, as Postfix does. Leaves nothing behind after `stop()`. */
export async function startPostfix(sizeLimit = 1_000_000): Promise<Postfix> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-postfix-'));
  const [startTlsPort, tlsPort] = [await freePort(), await freePort()];
  await layOut(folder, { startTlsPort, tlsPort, sizeLimit });
  const postfix = (command: string) => run('postfix', ['-c', join(folder, 'etc'), command], { timeout: PROGRAM_MS });
  await postfix('start');
  await untilListening(startTlsPort);
  const inbox = join(folder, 'mail/in/new');
  const certificate = join(folder, 'cert.pem');
  const login = `${encodeURIComponent(POSTFIX_LOGIN.user)}:${encodeURIComponent(POSTFIX_LOGIN.pass)}`;
  const ca = `ca=${encodeURIComponent(certificate)}`;
  const names = async (): Promise<string[]> => readdir(inbox).catch(() => []);
  return {
    startTlsUrl: `smtp://${login}@127.0.0.1:${startTlsPort}?${ca}&tls=required`,
    tlsUrl: `smtps://${login}@127.0.0.1:${tlsPort}?${ca}`,
    startTlsPort,
    certificate,
    sizeLimit,
    mails: async (count) => {
      const deadline = Date.now() + DELIVERY_MS;
      while ((await names()).length < count && Date.now() < deadline) await pause(50);
      return Promise.all((await names()).map((name) => readFile(join(inbox, name))));
    },
    emptyMailbox: async () => {
      for (const name of await names()) await rm(join(inbox, name));
    },
    stop: async () => {
      await postfix('stop');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Layout {
  readonly startTlsPort: number;
  readonly tlsPort: number;
  readonly sizeLimit: number;
}

async function layOut(folder: string, layout: Layout): Promise<void> {
  await chmod(folder, 0o755);
  for (const part of ['etc', 'queue', 'data', 'mail/in', 'etc/sasl', 'sasl'])
    await mkdir(join(folder, part), { recursive: true });
  await chown(join(folder, 'data'), await postfixUser(), 0);
  for (const part of ['mail', 'mail/in']) await chown(join(folder, part), NOBODY, NOBODY);
  await makeCertificate(folder);
  await makeLogin(folder);
  await writeFile(join(folder, 'etc/main.cf'), mainCf(folder, layout));
  await copyFile('/usr/share/postfix/master.cf.dist', join(folder, 'etc/master.cf'));
  await writeFile(
    join(folder, 'etc/master.cf'),
    masterCf(await readFile(join(folder, 'etc/master.cf'), 'utf8'), layout),
  );
}

const postfixUser = async (): Promise<number> => Number((await run('id', ['-u', 'postfix'])).stdout);

async function makeCertificate(folder: string): Promise<void> {
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    join(folder, 'key.pem'),
  ];
  const subject = ['-subj', '/CN=mail.test', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const args = ['req', '-x509', ...key, '-days', '30', ...subject, '-out', join(folder, 'cert.pem')];
  await run('openssl', args, { timeout: PROGRAM_MS });
}

/** A SASL database of its own, beside the machine's: Debian's Postfix reads sasl/smtpd.conf next to its main.cf. */
async function makeLogin(folder: string): Promise<void> {
  const database = join(folder, 'sasl/users.db');
  const [user = '', realm = ''] = POSTFIX_LOGIN.user.split('@');
  const child = spawn('saslpasswd2', ['-p', '-c', '-f', database, '-u', realm, user], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(POSTFIX_LOGIN.pass);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`saslpasswd2 ended with ${code}`);
  await chown(database, await postfixUser(), 0);
  await writeFile(
    join(folder, 'etc/sasl/smtpd.conf'),
    [
      'pwcheck_method: auxprop',
      'auxprop_plugin: sasldb',
      `sasldb_path: ${database}`,
      'mech_list: PLAIN LOGIN',
      '',
    ].join('\n'),
  );
}

const mainCf = (folder: string, { sizeLimit }: Layout): string => `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.test
mydestination = localhost, mail.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = box.test
virtual_mailbox_base = ${folder}/mail
virtual_mailbox_maps = regexp:{{/^nobody-/ REJECTED},{/./ in/}}
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
smtpd_tls_cert_file = ${folder}/cert.pem
smtpd_tls_key_file = ${folder}/key.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = smtpd
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{full@box.test=452 4.2.2 mailbox full}, {gone@box.test=550 5.1.1 no such person}}, permit_sasl_authenticated, reject
smtpd_client_connection_count_limit = 0
message_size_limit = ${sizeLimit}
mailbox_size_limit = 0
virtual_mailbox_limit = 0
maillog_file = ${folder}/mail.log
maillog_file_prefixes = ${folder}
`;

function masterCf(distributed: string, { startTlsPort, tlsPort }: Layout): string {
  const services = `127.0.0.1:${startTlsPort} inet n - n - - smtpd
127.0.0.1:${tlsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes`;
  const lines = distributed
    .replace(/^smtp +inet.*$/m, services)
    .replace(/^(maillog|postlog)\b.*$/gm, '')
    .replace(/^([\w.:-]+\s+(?:inet|unix|fifo)\s+[-yn]\s+[-yn]\s+)y/gm, '$1n');
  return `${lines}\npostlog unix-dgram n - n - 1 postlogd\n`;
}
