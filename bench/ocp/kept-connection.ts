import { connect } from 'node:net';

/** One connection that is kept, and next to nothing of a client around it: what is timed is the server. */
export interface KeptConnection {
  /** Send a whole request and read its whole answer. Throws unless it is a 200. */
  call(method: string, path: string, headers: Readonly<Record<string, string>>, body?: string): Promise<string>;
  close(): void;
}

const HEAD_END = '\r\n\r\n';

export function keepConnection(url: string): KeptConnection {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname).setNoDelay(true);
  let received = Buffer.alloc(0);
  let waiting: { resolve(text: string): void; reject(error: Error): void } | undefined;
  socket.on('error', (error) => waiting?.reject(error));
  socket.on('data', (piece) => {
    received = received.length === 0 ? piece : Buffer.concat([received, piece]);
    const end = received.indexOf(HEAD_END);
    if (end < 0) return;
    const head = received.toString('latin1', 0, end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? Number.NaN);
    const start = end + HEAD_END.length;
    if (!(received.length >= start + length)) return;
    const text = received.toString('utf8', start, start + length);
    received = Buffer.alloc(0);
    if (/^HTTP\/1\.1 200 /.test(head)) waiting?.resolve(text);
    else waiting?.reject(new Error(`${head.slice(0, 40)}… ${text}`));
  });
  return {
    call: (method, path, headers, body = '') => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      waiting = { resolve, reject };
      const lines = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
      if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}\r\n`);
      socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
      return promise;
    },
    close: () => socket.destroy(),
  };
}
