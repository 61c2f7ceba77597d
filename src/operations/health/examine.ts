import { access, constants, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../../config.ts';
import { checkRelay } from '../../deliver/check-relay.ts';
import { messageOf } from '../../errors.ts';
import { createFontRegistry } from '../../scene/fonts.ts';
import { findBinaries } from '../../store/embedded-binaries.ts';
import { keyFileIsOpen, loadSecretKey, secretKeyFile } from '../../store/secret-key.ts';
import { examineDatabase } from './examine-database.ts';
import { type Finding, fail, ok, warn } from './surroundings.ts';

const OLDEST_NODE = [22, 18] as const;

/** Look at everything the service needs, without a store of its own. Each thing is looked at, whatever the others are. */
export async function examine(config: Config, signal: AbortSignal): Promise<Finding[]> {
  const findings = [nodeVersion(), await folder(config), await secretKey(config)];
  if (config.DATABASE_URL === undefined) findings.push(await binaries());
  findings.push(...(await examineDatabase(config)), await mail(config, signal), fonts(config), links(config));
  return findings;
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needMajor, needMinor] = OLDEST_NODE;
  const message = `Node ${process.versions.node} on ${process.platform}-${process.arch}`;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return ok('node', message);
  return fail('node', message, `install Node ${needMajor}.${needMinor} or newer`);
}

async function folder(config: Config): Promise<Finding> {
  const path = resolve(config.DATA_DIR);
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK | constants.X_OK);
    return ok('data folder', `${path} can be written`);
  } catch (error) {
    return fail('data folder', messageOf(error), 'make it writable, or name another one in DATA_DIR');
  }
}

async function secretKey(config: Config): Promise<Finding> {
  const name = 'secret key';
  const file = secretKeyFile(config);
  if (config.SECRET_KEY !== undefined) return ok(name, 'given by SECRET_KEY');
  const open = await keyFileIsOpen(file);
  if (open === undefined) return ok(name, `${file} will be made at first start`);
  try {
    await loadSecretKey(config);
  } catch (error) {
    return fail(name, messageOf(error), 'restore it from a backup: without it stored source URLs cannot be opened');
  }
  return open
    ? warn(name, `${file} can be read by other users`, `chmod 600 ${file}`)
    : ok(name, `${file}, readable by its owner only; back it up apart from the database`);
}

async function binaries(): Promise<Finding> {
  try {
    const { version, root } = await findBinaries();
    return ok('embedded PostgreSQL', `version ${version} in ${root}`);
  } catch (error) {
    return fail('embedded PostgreSQL', messageOf(error), 'name a server in DATABASE_URL');
  }
}

async function mail(config: Config, signal: AbortSignal): Promise<Finding> {
  if (config.SMTP_URL === undefined) {
    return warn('mail', 'no SMTP_URL: mails are written as .eml files to the data folder', 'set SMTP_URL');
  }
  try {
    return ok('mail', `${await checkRelay(config.SMTP_URL, signal)} answers and takes the login`);
  } catch (error) {
    return fail('mail', `the relay of SMTP_URL: ${messageOf(error)}`, 'check its host, port, login and certificate');
  }
}

/** Latin, Cyrillic and Chinese must all be drawable; a folder of the user's must be readable. */
function fonts(config: Config): Finding {
  try {
    const registry = createFontRegistry({ fontDir: config.FONT_DIR ?? null });
    registry.runs('Aя中\u{10fffd}', registry.face());
    const missing = registry.missing().filter((codePoint) => codePoint !== 0x10fffd);
    if (missing.length > 0) return fail('fonts', 'the fonts of the packages are missing', 'run npm ci');
    const unused = registry.passedOver().map(({ path, reason }) => `${path}: ${reason}`);
    if (unused.length > 0)
      return warn('fonts', `not used: ${unused.join('; ')}`, 'replace these files, or take them out');
    return ok('fonts', config.FONT_DIR ? `packaged fonts and ${config.FONT_DIR}` : 'packaged fonts');
  } catch (error) {
    return fail('fonts', messageOf(error), 'run npm ci, and check that FONT_DIR is a readable folder of fonts');
  }
}

function links(config: Config): Finding {
  if (config.PUBLIC_URL !== undefined) return ok('links', `mailed links begin with ${config.PUBLIC_URL}`);
  return warn('links', 'no PUBLIC_URL: documents above the size limit cannot be mailed as links', 'set PUBLIC_URL');
}
