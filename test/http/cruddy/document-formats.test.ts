import { describe, expect, it } from 'vitest';
import { acceptedFormat } from '../../../src/http/cruddy/document-formats.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

describe('the format that Accept asks for', () => {
  it.each([
    [undefined, 'pdf'],
    ['', 'pdf'],
    ['*/*', 'pdf'],
    ['application/json', 'pdf'],
    ['application/pdf', 'pdf'],
    ['TEXT/CSV', 'csv'],
    ['application/zip', 'csv'],
    [XLSX, 'xlsx'],
    ['image/*', 'png'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'html'],
    [`text/csv;q=0.5, ${XLSX}`, 'xlsx'],
    [`text/csv;q=0.5, ${XLSX};q=0.4`, 'csv'],
    ['text/html;q=0, image/png;q=0.1', 'png'],
    ['application/x-unknown, */*;q=0.1', 'pdf'],
  ])('%s → %s', (header, format) => {
    expect(acceptedFormat(header)).toBe(format);
  });

  it.each(['audio/mpeg', 'text/html;q=0', ',,;', 'x'.repeat(10_000)])('%.20s is not acceptable', (header) => {
    expect(() => acceptedFormat(header)).toThrow(expect.objectContaining({ code: 'not_acceptable' }));
  });
});
