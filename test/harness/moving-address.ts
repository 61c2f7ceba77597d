import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** An address that moves from server to server, as one does at a failover: each connection stays with the server it reached. */
export interface MovingAddress {
  readonly port: number;
  /** The servers' ports of the connections so far, in order. */
  readonly reached: readonly number[];
  close(): Promise<void>;
}

/** @param portOf the port of the server that the nth connection (from 0) is forwarded to. */
export async function movingAddress(portOf: (connection: number) => number): Promise<MovingAddress> {
  const reached: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const port = portOf(reached.length);
    reached.push(port);
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    reached,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
