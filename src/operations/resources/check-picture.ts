import { decodePicture } from '../../definition/picture.ts';
import { badRequest } from '../../errors.ts';

/**
 * Refuse an image that could never be printed when it is saved, not when it is printed. Texts that hold no image are
 * no refusal: the published examples of cruddy v2 have `"..."`, `"string"` and shortened data URLs in these places.
 * @throws BroadsheetError `bad_request` that names the place and what is wrong with the image.
 */
export function checkPictureField(holder: unknown, path: readonly string[]): void {
  const image = path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    holder,
  );
  if (image === undefined || image === null || isPlaceholder(image)) return;
  const result = typeof image === 'string' ? decodePicture(image) : { problem: 'not an image' };
  if ('problem' in result) throw badRequest(`Bad Request: ${path.join('.')}: ${result.problem}`);
}

const isPlaceholder = (image: unknown): boolean =>
  image === '' || image === 'string' || (typeof image === 'string' && image.endsWith('...'));
