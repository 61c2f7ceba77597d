import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { BroadsheetError } from '../errors.ts';

const PACKAGE = '@scalar/api-reference';
const ONE_DAY = 'public, max-age=86400';

/** Starts the reference page; everything that would ask another host is off. */
const START = `Scalar.createApiReference('#reference', {
  url: 'openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: '',
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  externalUrls: { dashboardUrl: '', registryUrl: '', proxyUrl: '', apiBaseUrl: '' },
});
`;

/** `/docs`: the reference page of the API. Its script comes from our own disk, so it works without a network. */
export function referenceRoutes(): OpenAPIHono {
  const app = new OpenAPIHono();
  app.get('/docs', (c) =>
    c.html(html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Broadsheet API</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <div id="reference"></div>
    <script src="docs/reference.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`),
  );
  app.get('/docs/start.js', (c) => c.body(START, 200, { 'Content-Type': 'text/javascript' }));
  app.get('/docs/reference.js', async (c) => {
    const { path, etag } = await referenceScript();
    const headers = { 'Content-Type': 'text/javascript', 'Cache-Control': ONE_DAY, ETag: etag };
    if (c.req.header('If-None-Match') === etag) return c.body(null, 304, headers);
    return c.body(Readable.toWeb(createReadStream(path)) as ReadableStream, 200, headers);
  });
  return app;
}

async function referenceScript(): Promise<{ path: string; etag: string }> {
  const manifest = findPackageJSON(PACKAGE, import.meta.url);
  if (!manifest) throw new BroadsheetError('unavailable', `the package ${PACKAGE} is not installed`);
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  return { path: join(dirname(manifest), 'dist', 'browser', 'standalone.js'), etag: `"${version}"` };
}
