import { workerData } from 'node:worker_threads';
import { createTypesetter } from '../../scene/typesetter.ts';
import { answerJobs, thrownOf } from '../../tasks/thread-answers.ts';
import { drawDocument } from './draw-document.ts';
import type { ThreadSettings } from './draw-in-threads.ts';
import { drawingOf } from './drawing-parts.ts';

/** What a drawing thread runs: it has fonts and compiled charts of its own, kept from document to document. */
const typesetter = createTypesetter(workerData as ThreadSettings);
// A canceled document's thread is ended from outside.
const { signal } = new AbortController();

answerJobs(async (parts) => {
  const drawn = await drawDocument(drawingOf(parts), { typesetter, signal });
  const defects = drawn.defects.map(({ widgetId, error }) => ({ widgetId, error: thrownOf(error) }));
  const files = drawn.files.map((file) => ({ ...file, bytes: ownBytes(file.bytes) }));
  return { result: { ...drawn, files, defects }, transfer: files.map(({ bytes }) => bytes.buffer) };
});

/** Bytes that share no buffer with others, so that they can be given away. */
const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
    ? (bytes as Uint8Array<ArrayBuffer>)
    : Uint8Array.from(bytes);
