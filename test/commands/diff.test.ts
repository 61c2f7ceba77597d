import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../harness/serve-process.ts';
import { onFile, print, rowsOf } from '../print/printing.ts';

const folder = mkdtempSync(join(tmpdir(), 'broadsheet-diff-'));
const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  for (const [name, amount] of [
    ['a', 1],
    ['b', 2],
  ] as const) {
    const made = await print({
      widgets: [{ id: 't', kind: 'table', name: 'Orders', sql: 'q' }],
      answers: { q: rowsOf('city n:number', [['Oslo', amount]]) },
    });
    writeFileSync(path(`${name}.pdf`), made.bytes);
    writeFileSync(path(`${name}.json`), JSON.stringify(made.manifest));
    onFile(made.bytes, 'qpdf', '--linearize', '--object-streams=generate', 'FILE', path(`${name}-rewritten.pdf`));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const diff = (...args: string[]) => runCommand(['diff', ...args], {});

/** A PDF with an attachment that is said to be JSON. */
const pdfWith = (stream: Buffer, dictionary = '/Filter /FlateDecode'): Buffer =>
  Buffer.concat([
    Buffer.from(
      `%PDF-1.7\n1 0 obj\n<< /Type /EmbeddedFile /Subtype /application#2Fjson ${dictionary} /Length ${stream.length} >>\nstream\n`,
    ),
    stream,
    Buffer.from('\nendstream\nendobj\n%%EOF'),
  ]);

describe('broadsheet diff', () => {
  it('says nothing and ends with 0 for the same, whether PDF, rewritten PDF or manifest', async () => {
    for (const other of ['a.pdf', 'a-rewritten.pdf', 'a.json']) {
      expect(await diff(path('a.pdf'), path(other))).toMatchObject({ code: 0, stdout: '' });
    }
  });

  it('ends with 1 and tells other data from another query', async () => {
    const { code, stdout } = await diff(path('a.pdf'), path('b-rewritten.pdf'));
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^widgets\[Orders]\.series\[Orders]\.rows other data: 1 rows \([0-9a-f]{12}\) → 1 rows \([0-9a-f]{12}\)\n$/,
    );
  });

  it('--json is one document', async () => {
    const { code, stdout } = await diff('--json', path('a.json'), path('b.pdf'));
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({
      code: 1,
      same: false,
      differences: [{ kind: 'other data' }],
    });
  });

  it.each([
    ['that is not there', () => null, "can't read"],
    ['of no bytes', () => Buffer.alloc(0), 'neither a PDF nor a manifest'],
    ['that is no PDF', () => Buffer.from('hello'), 'neither a PDF nor a manifest'],
    ['of another maker', () => Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF'), 'no manifest of ours'],
    ['cut off', () => pdfWith(deflateSync('{}')).subarray(0, 90), 'no manifest of ours'],
    ['with a broken stream', () => pdfWith(Buffer.from('not deflated')), 'no manifest of ours'],
    [
      'with a stream of 200 MB in 200 kB',
      () => pdfWith(deflateSync(Buffer.alloc(200 * 1024 * 1024))),
      'no manifest of ours',
    ],
    ['with another filter', () => pdfWith(Buffer.from('{}'), '/Filter /LZWDecode'), 'no manifest of ours'],
    [
      'of ten thousand marks',
      () => Buffer.from(`%PDF-1.7\n${' obj << /Type /EmbeddedFile '.repeat(50_000)}`),
      'no manifest of ours',
    ],
    [
      'of a later version',
      () => Buffer.from('{"format":"broadsheet-manifest/9"}'),
      'not a manifest that this version can read',
    ],
    [
      'with a manifest that lies about its types',
      () => pdfWith(deflateSync('{"format":"broadsheet-manifest/1","widgets":5}')),
      'not a manifest that',
    ],
  ])('a file %s is trouble, in one line, exit code 2', async (_, content, said) => {
    const bytes = content();
    if (bytes !== null) writeFileSync(path('bad'), bytes);
    else rmSync(path('bad'), { force: true });
    const { code, stdout, stderr } = await diff(path('a.json'), path('bad'));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
