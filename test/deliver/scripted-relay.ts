import { type AddressInfo, createServer, type Socket } from 'node:net';

/**
 * A fake relay that says and does exactly what a test tells it, for the moments that real servers do not offer on
 * request: half an answer, a cut in the middle of the message, an answer that comes too early.
 */
export interface ScriptedRelay {
  readonly url: string;
  /** Commands received, in order, and `.` for the end of a message. */
  readonly heard: readonly string[];
  /** Connections open at the same time. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

/** What to do at a command (`CONNECT`, `EHLO`, `MAIL`, `RCPT`, `DATA`, `MESSAGE` = its first bytes, `.`, `QUIT`). */
export type Script = Partial<Record<string, (socket: Socket) => void>>;

const NORMAL: Record<string, string> = {
  CONNECT: '220 scripted ESMTP',
  EHLO: '250 scripted',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  '.': '250 taken',
  QUIT: '221 bye',
};

export const say =
  (line: string) =>
  (socket: Socket): void => {
    socket.write(`${line}\r\n`);
  };

export const cut = (socket: Socket): void => {
  socket.destroy();
};

export const sayAndCut =
  (text: string) =>
  (socket: Socket): void => {
    socket.end(text);
  };

export const hang = (): void => undefined;

export async function startScriptedRelay(script: Script): Promise<ScriptedRelay> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  let most = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    const act = (event: string): void => {
      heard.push(event);
      (script[event] ?? say(NORMAL[event] ?? '250 ok'))(socket);
    };
    let rest = '';
    let inMessage = false;
    const lines = (): void => {
      if (inMessage) {
        if (rest.length > 0 && heard.at(-1) === 'DATA' && script.MESSAGE) act('MESSAGE');
        const end = rest.indexOf('\r\n.\r\n');
        if (end < 0) {
          rest = rest.slice(-4);
          return;
        }
        rest = rest.slice(end + 5);
        inMessage = false;
        act('.');
      }
      for (let end = rest.indexOf('\r\n'); end >= 0 && !inMessage; end = rest.indexOf('\r\n')) {
        const command = rest.slice(0, end).slice(0, 4).toUpperCase();
        rest = rest.slice(end + 2);
        if (command === 'DATA') inMessage = true;
        act(command);
        if (command === 'QUIT') socket.end();
      }
    };
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      lines();
    });
    act('CONNECT');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    mostAtOnce: () => most,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
