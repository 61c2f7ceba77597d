const ORIENTATION = 0x0112;
const SHORT = 3;

/**
 * The orientation in an APP1 segment (Exif 2.32, 4.6.4): 1 to 8, or null when the segment says none. Cameras store the
 * picture as the sensor saw it and this number beside it. `view` is the segment after its length.
 */
export function exifOrientation(view: DataView): number | null {
  const start = 6;
  if (view.byteLength < start + 8 || view.getUint32(0) !== 0x45786966 || view.getUint16(4) !== 0) return null;
  const order = view.getUint16(start);
  if (order !== 0x4949 && order !== 0x4d4d) return null;
  const little = order === 0x4949;
  const directory = start + view.getUint32(start + 4, little);
  if (directory + 2 > view.byteLength) return null;
  const count = view.getUint16(directory, little);
  for (let entry = 0; entry < count; entry += 1) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > view.byteLength) return null;
    if (view.getUint16(at, little) !== ORIENTATION || view.getUint16(at + 2, little) !== SHORT) continue;
    const orientation = view.getUint16(at + 8, little);
    return orientation >= 1 && orientation <= 8 ? orientation : null;
  }
  return null;
}
