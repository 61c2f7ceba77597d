import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { rememberDocuments } from '../../../src/operations/deliveries/remember-documents.ts';

const never = new AbortController().signal;

function counted(size = 10) {
  const reads: string[] = [];
  const read = async (id: string, signal: AbortSignal) => {
    reads.push(id);
    await turn();
    signal.throwIfAborted();
    return Buffer.alloc(size, id);
  };
  return { reads, read };
}

test('a thousand readers of one document cost one read, then and later', async () => {
  const { reads, read } = counted();
  const remembered = rememberDocuments(read);
  await Promise.all(Array.from({ length: 1_000 }, () => remembered('a', never)));
  expect((await remembered('a', never)).toString()).toBe('aaaaaaaaaa');
  expect(reads).toEqual(['a']);
});

test('no more bytes are kept than allowed, the ones not used longest go first, and a giant is not kept', async () => {
  const { reads, read } = counted(10);
  const remembered = rememberDocuments(read, 20);
  for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await remembered(id, never);
  expect(reads).toEqual(['a', 'b', 'c', 'b']);
  const giants = counted(21);
  const forgetful = rememberDocuments(giants.read, 20);
  await forgetful('a', never);
  await forgetful('a', never);
  expect(giants.reads).toEqual(['a', 'a']);
});

test('a reader that is stopped does not take the document from the others', async () => {
  const { reads, read } = counted();
  const remembered = rememberDocuments(read);
  const stop = new AbortController();
  const first = remembered('a', stop.signal);
  const others = [remembered('a', never), remembered('a', never)];
  stop.abort();
  await expect(first).rejects.toThrow();
  expect((await Promise.all(others)).map(String)).toEqual(['aaaaaaaaaa', 'aaaaaaaaaa']);
  expect(reads).toEqual(['a', 'a']);
});

test('a failed read is not remembered', async () => {
  let fails = true;
  const remembered = rememberDocuments(async () => {
    if (fails) throw new Error('no store');
    return Buffer.from('x');
  });
  await expect(remembered('a', never)).rejects.toThrow('no store');
  fails = false;
  expect(String(await remembered('a', never))).toBe('x');
});
