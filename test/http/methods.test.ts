import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, cruddyClient, someId } from './cruddy/client.ts';
import { type OcpClient, ocpClient } from './ocp/client.ts';

let cruddy: Client;
let ocp: OcpClient;
beforeAll(async () => {
  [cruddy, ocp] = await Promise.all([cruddyClient(), ocpClient()]);
});
afterAll(() => Promise.all([cruddy.close(), ocp.close()]));

describe('a method that a known path does not have', () => {
  it('is 405 with Allow in the cruddy family, for who holds a key; an unknown path stays 404', async () => {
    for (const [method, path, allow] of [
      ['PATCH', `/reports/${someId()}`, 'GET, HEAD, DELETE'],
      ['PUT', '/reports/create', 'POST'],
      ['PUT', '/reports/search', 'POST'],
    ] as const) {
      const answer = await cruddy.call(method, path);
      expect(answer).toMatchObject({ status: 405, body: { error: 'Method Not Allowed', error_code: 405 } });
      expect(answer.headers.get('Allow')).toBe(allow);
      const nobody = await cruddy.call(method, path, undefined, { headers: { PgrApiKey: 'bs_wrong' } });
      expect(nobody.status).toBe(401);
      expect(nobody.headers.get('Allow')).toBeNull();
    }
    expect((await cruddy.call('GET', '/no/such/path')).status).toBe(404);
  });

  it("is 405 with Allow in OCP's envelope, for who is known; an unknown path stays 400, as in OCP", async () => {
    for (const [method, path, allow] of [
      ['PUT', '/api/v2/ob/clusters', 'GET, HEAD, POST'],
      ['DELETE', '/api/v2/tasks/instances/1', 'GET, HEAD'],
      ['GET', '/api/v2/tasks/instances/1/rollback', 'POST'],
    ] as const) {
      const answer = await ocp.call(method, path);
      const message = `The ${method} method is not supported for URL ${path}`;
      expect(answer.body).toMatchObject({ successful: false, status: 405, error: { code: 0, message } });
      expect([answer.status, answer.headers.get('Allow')]).toEqual([405, allow]);
      const nobody = await ocp.call(method, path, { as: null });
      expect([nobody.status, nobody.headers.get('Allow')]).toEqual([401, null]);
    }
    expect((await ocp.call('GET', '/api/v2/no/such')).status).toBe(400);
  });
});
