import type { Context, Hono } from 'hono';
import { BroadsheetError } from '../errors.ts';

interface Declared {
  readonly method: string;
  /** In Hono's words: `/things/:id`. */
  readonly path: string;
}

/**
 * Answer the methods that a known path does not have: 405 with `Allow`. Added after all routes. `answer` says both in the
 * family's shape, to who may know.
 */
export function refuseOtherMethods(
  app: Pick<Hono, 'all'>,
  declared: readonly Declared[],
  answer: (c: Context, refusal: BroadsheetError, allow: string) => Promise<Response>,
): void {
  // `/things/create` before `/things/:id`, which it looks like.
  const paths = [...Map.groupBy(declared, (route) => route.path)].toSorted(([a], [b]) => variables(a) - variables(b));
  for (const [path, routes] of paths) {
    const methods = routes.map(({ method }) => method.toUpperCase());
    const allow = [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].join(', ');
    app.all(path, (c) => {
      const { method } = c.req;
      const detail = { rule: 'method_not_allowed', method, path: c.req.path.slice(0, 200) };
      return answer(c, new BroadsheetError('method_not_allowed', 'Method Not Allowed', detail), allow);
    });
  }
}

const variables = (path: string): number => path.split('/:').length;
