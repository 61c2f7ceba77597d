import { HTML_POLICY } from '../../print/html-script.ts';

/**
 * The Content-Security-Policy that a document of a media type is sent with: nothing in it runs on our origin, and the
 * one script that an HTML document may hold is known by its hash.
 */
export const contentPolicyOf = (mediaType: string): string =>
  mediaType.startsWith('text/html')
    ? `sandbox allow-scripts; ${HTML_POLICY}`
    : "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
