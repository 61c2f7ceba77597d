import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const READY_MS = 60_000;
const POLL_MS = 25;

/** Wait until a server's first bytes come from the port. With `greets` false until it takes connections. */
export async function untilListening(port: number, greets = true): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (!(await answers(port, greets))) {
    if (Date.now() > deadline) throw new Error(`nothing answers on port ${port}`);
    await pause(POLL_MS);
  }
}

function answers(port: number, greets: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => done(false));
    socket.once('error', () => done(false));
    if (greets) socket.once('data', () => done(true));
    else socket.once('connect', () => done(true));
  });
}
