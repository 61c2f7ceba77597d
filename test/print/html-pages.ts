import type { Browser, Page } from 'playwright-core';
import { printHtml } from '../../src/print/html.ts';
import { sceneOf, type TestReport } from './printing.ts';

/** The HTML of a report, as a run writes it. */
export async function htmlOf(
  report: TestReport,
  options: { readonly sortable?: boolean; readonly maxRows?: number } = {},
): Promise<string> {
  const signal = new AbortController().signal;
  const { bytes } = await printHtml((await sceneOf(report)).web(), { ...options, signal });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

export interface OpenedPage {
  readonly page: Page;
  /** What went wrong: requests to anywhere, console messages, violations of the policy. */
  readonly troubles: readonly string[];
  readonly close: () => Promise<void>;
}

/** A document opened as a reader does, from a file without a server. */
export async function openHtml(
  browser: Browser,
  html: string,
  view: { readonly width?: number; readonly dark?: boolean } = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: view.width ?? 1200, height: 900 },
    colorScheme: view.dark === true ? 'dark' : 'light',
  });
  context.setDefaultTimeout(100_000);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => troubles.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  await page.route('**', async (route) => {
    const url = route.request().url();
    if (url === 'http://report.test/') {
      await route.fulfill({ contentType: 'text/html; charset=utf-8', body: html });
      return;
    }
    troubles.push(`request: ${url.slice(0, 200)}`);
    await route.abort();
  });
  await page.goto('http://report.test/');
  return { page, troubles, close: () => context.close() };
}
