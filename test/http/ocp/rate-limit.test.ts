import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import { createRateLimit } from '../../../src/http/ocp/rate-limit.ts';
import { type OcpClient, ocpClient } from './client.ts';

const NOW = new Date('2026-05-04T08:00:00Z');
const seconds = (count: number): Date => new Date(NOW.getTime() + count * 1000);

describe('the rate of a user', () => {
  it('is counted in windows of a minute, each user for itself', () => {
    const limit = createRateLimit(2);
    expect(limit.take('a', NOW)).toEqual({ allowed: true, limit: 2, remaining: 1, resetSeconds: 60 });
    expect(limit.take('a', seconds(10))).toMatchObject({ allowed: true, remaining: 0, resetSeconds: 50 });
    expect(limit.take('a', seconds(59.9))).toMatchObject({ allowed: false, remaining: 0, resetSeconds: 1 });
    expect(limit.take('b', seconds(59.9))).toMatchObject({ allowed: true });
    expect(limit.take('a', seconds(60))).toMatchObject({ allowed: true, remaining: 1, resetSeconds: 60 });
  });

  it('is not counted at 0, and for the 10 000 newest users only', () => {
    expect(createRateLimit(0).take('a', NOW)).toBeNull();
    const limit = createRateLimit(1);
    for (let user = 0; user <= 10_000; user += 1) expect(limit.take(`u${user}`, NOW)?.allowed).toBe(true);
    expect(limit.take('u10000', NOW)?.allowed).toBe(false);
    expect(limit.take('u0', NOW)?.allowed).toBe(true);
  });
});

describe('over HTTP', () => {
  const clock = fixedClock(NOW);
  let client: OcpClient;
  beforeAll(async () => {
    client = await ocpClient({ OCP_REQUESTS_PER_MINUTE: '3' }, clock);
  });
  afterAll(() => client.close());

  it('is told in headers, and refused in the shape of OCP', async () => {
    const path = '/api/v2/ob/clusters';
    for (const remaining of ['2', '1', '0']) {
      const { status, headers } = await client.call('GET', path);
      expect(status).toBe(200);
      expect(headers.get('RateLimit-Limit')).toBe('3');
      expect(headers.get('RateLimit-Remaining')).toBe(remaining);
      expect(Number(headers.get('RateLimit-Reset'))).toBeGreaterThan(0);
    }
    const refused = await client.call('GET', path);
    expect(refused.status).toBe(429);
    const { duration, server, timestamp, traceId, ...rest } = refused.body;
    expect(rest).toEqual({
      error: { code: 0, message: 'Too many requests. Please try again later.' },
      status: 429,
      successful: false,
    });
    expect(refused.headers.get('Retry-After')).toBe(refused.headers.get('RateLimit-Reset'));
    const other = await client.user();
    expect((await client.call('GET', path, { as: other })).status).toBe(200);
    clock.advance(90_000);
    expect((await client.call('GET', path)).status).toBe(200);
  });
});
