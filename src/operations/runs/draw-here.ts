import type { Draw, Drawers, ThreadSettings } from './draw-in-threads.ts';

/** Draws in this thread, between other work: for processes that make one document, and need less memory so. */
export function drawHere(settings: ThreadSettings): Drawers {
  let press: Promise<Draw> | undefined;
  const open = async (): Promise<Draw> => {
    const [{ drawDocument }, { createTypesetter }] = await Promise.all([
      import('./draw-document.ts'),
      import('../../scene/typesetter.ts'),
    ]);
    const typesetter = createTypesetter(settings);
    return (drawing, signal) => drawDocument(drawing, { typesetter, signal });
  };
  return {
    draw: async (drawing, signal) => {
      press ??= open();
      return (await press)(drawing, signal);
    },
    stop: () => Promise.resolve(),
  };
}
