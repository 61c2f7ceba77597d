import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, cruddyClient } from './client.ts';

/** Two answers of this size are more than one may have. */
const LIMIT = 300_000;
const HALF = 'x'.repeat(160_000);
const REFUSED = {
  status: 413,
  body: {
    error: `the answer would be larger than ${LIMIT} bytes: ask for fewer objects, fields or relations`,
    error_code: 413,
  },
};

let client: Client;
let board: string;
beforeAll(async () => {
  client = await cruddyClient({ ANSWER_LIMIT_BYTES: String(LIMIT) });
  board = (await client.call('POST', '/dashboards/create', { name: 'Board', config: { note: HALF } })).body.id;
});
afterAll(() => client.close());

const search = (path: string, body: object) => client.call('POST', `${path}/search`, body);

it('a page whose definitions weigh too much is refused before they are fetched, a smaller one is not', async () => {
  await client.call('POST', '/dashboards/create', { name: 'Second', config: { note: HALF } });
  expect(await search('/dashboards', {})).toMatchObject(REFUSED);
  expect(await search('/dashboards', { limit: 1 })).toMatchObject({ status: 200, body: { total: 2 } });
  expect(await search('/dashboards', { exclude_fields: ['config'] })).toMatchObject({ status: 200 });
});

it('an object that stands in many others counts as often as it is written out', async () => {
  const made = (name: string) => client.call('POST', '/reports/create', { name, dashboard_id: board });
  expect((await made('One')).status).toBe(201);
  expect(await search('/reports', { relations: ['dashboard'] })).toMatchObject({ status: 200 });
  expect((await made('Two')).status).toBe(201);
  expect(await search('/reports', { relations: ['dashboard'] })).toMatchObject(REFUSED);
  expect(await search('/reports', { include_fields: ['name'] })).toMatchObject({ status: 200, body: { total: 2 } });
});

it('what a single object brings along counts as well', async () => {
  const { body } = await client.call('POST', '/dashboards/create', { name: 'Crowded' });
  const widget = { name: 'W', dashboard_id: body.id, config: { note: HALF } };
  for (let n = 0; n < 2; n += 1) expect((await client.call('POST', '/widgets/create', widget)).status).toBe(201);
  expect(await client.call('GET', `/dashboards/${body.id}`)).toMatchObject(REFUSED);
  expect((await client.call('GET', `/dashboards/${body.id}?relations=`)).status).toBe(200);
});
