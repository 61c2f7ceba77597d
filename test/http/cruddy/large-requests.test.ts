import { expect, it } from 'vitest';
import { createLargeRequests } from '../../../src/http/cruddy/large-requests.ts';
import { readJsonBody } from '../../../src/http/read-body.ts';

const LIMIT = 10_000_000;
const LARGE = `{"a":"${'x'.repeat(2_000_000)}"}`;

/** A request with a body of known length, or of unknown length in pieces. */
function request(text: string, announced: boolean): Request {
  const headers = announced ? { 'Content-Length': String(text.length) } : {};
  const pieces = text.match(/[\s\S]{1,300000}/g) ?? [];
  const body = new ReadableStream({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(Buffer.from(piece));
      controller.close();
    },
  });
  return new Request('http://x', { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
}

it.each([true, false])(
  'only two large bodies are worked at once, in order (length announced: %s)',
  async (announced) => {
    const line = createLargeRequests();
    const read: number[] = [];
    const places = [1, 2, 3, 4].map((number) => {
      const place = line.place();
      const done = readJsonBody(request(LARGE, announced), LIMIT, place).then(() => read.push(number));
      return { place, done };
    });
    const settled = async (): Promise<readonly number[]> => {
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      return read;
    };
    await Promise.all(places.slice(0, 2).map(({ done }) => done));
    expect(await settled()).toEqual([1, 2]);
    places[0]?.place.leave();
    await places[2]?.done;
    expect(await settled()).toEqual([1, 2, 3]);
    places[1]?.place.leave();
    places[1]?.place.leave();
    await places[3]?.done;
    expect(read).toEqual([1, 2, 3, 4]);
  },
);

it('small ones pass by', async () => {
  const line = createLargeRequests();
  for (let n = 0; n < 3; n += 1) await readJsonBody(request(LARGE, true), LIMIT, n < 2 ? line.place() : { take });
  expect(await readJsonBody(request('{"a":1}', false), LIMIT, line.place())).toEqual({ a: 1 });
});

const take = async (): Promise<void> => undefined;
