import { OpenAPIHono } from '@hono/zod-openapi';
import { expect, test } from 'vitest';
import { listen } from '../../src/http/server.ts';

test('a connection is kept for longer than a proxy keeps it that sends nothing', async () => {
  const app = new OpenAPIHono();
  app.get('/', (c) => c.text('here'));
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  try {
    const response = await fetch(server.url);
    const seconds = /timeout=(\d+)/.exec(response.headers.get('Keep-Alive') ?? '')?.[1];
    expect([await response.text(), Number(seconds)]).toEqual(['here', 75]);
  } finally {
    await server.close(1000);
  }
});
