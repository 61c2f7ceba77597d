import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type * as Vega from 'vega';
import type * as VegaLite from 'vega-lite';

/**
 * Vega and Vega-Lite from the single-file builds in their packages. As modules they are some 270 small files, which take
 * 160 ms more of one core to load and 20 MB more memory (Node 24, compile cache warm: 220 against 65 ms): much for a
 * process that prints one report. The builds are scripts that put themselves onto the global object, whence they are
 * taken at once; they load nothing by themselves.
 */
const packages = createRequire(import.meta.url);

const evaluate = async (name: string, file: string): Promise<void> => {
  const main = packages.resolve(name);
  await import(/* @vite-ignore */ new URL(file, pathToFileURL(main)).href);
};

const globals = globalThis as { vega?: typeof Vega; vegaLite?: typeof VegaLite };
await evaluate('vega', 'vega.min.js');
await evaluate('vega-lite', 'vega-lite.min.js');
const { vega: loadedVega, vegaLite: loadedVegaLite } = globals;
delete globals.vega;
delete globals.vegaLite;
if (!loadedVega || !loadedVegaLite) throw new Error('the builds of Vega and Vega-Lite are not what they were');

export const vega: typeof Vega = loadedVega;
export const vegaLite: typeof VegaLite = loadedVegaLite;
