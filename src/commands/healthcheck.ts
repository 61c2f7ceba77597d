import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { messageOf } from '../errors.ts';
import { type BuildCommand, printResult } from './command.ts';
import { EXIT } from './exit-codes.ts';

const TIMEOUT_MS = 4_000;

export const buildHealthcheck: BuildCommand = (finish) =>
  new Command('healthcheck').action(async () => {
    const { HOST, PORT } = readConfig();
    const host = HOST === '0.0.0.0' ? '127.0.0.1' : HOST === '::' ? '[::1]' : HOST.includes(':') ? `[${HOST}]` : HOST;
    try {
      const response = await fetch(`http://${host}:${PORT}/readyz`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      printResult(await response.json());
      finish(response.ok ? EXIT.ok : EXIT.failed);
    } catch (error) {
      printResult({ ready: false, error: messageOf(error) });
      finish(EXIT.failed);
    }
  });
