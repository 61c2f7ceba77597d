import type { ImageFit } from '../definition/definition.ts';
import { decodePicture } from '../definition/picture.ts';
import type { WidgetKindMaker } from './environment.ts';
import { settingOf } from './mappings.ts';
import { chartWords } from './words.ts';

const FITS: Readonly<Record<string, ImageFit>> = {
  fit: 'fit',
  contain: 'fit',
  fill: 'fill',
  cover: 'fill',
  none: 'none',
};

/** The widget's own picture, a data URL in its settings. */
export const image: WidgetKindMaker = (widget, _series, env) => {
  const stored = widget.settings.image;
  const words = chartWords(env.locale);
  const decoded = decodePicture(typeof stored === 'string' ? stored : '');
  if ('problem' in decoded) return { kind: 'notice', state: 'failed', message: words.badImage(decoded.problem) };
  const alt = [widget.heading, widget.description].filter((part) => part !== null).join('. ') || words.charts.image;
  return { kind: 'image', picture: decoded.picture, fit: FITS[settingOf(widget, 'fit')] ?? 'fit', alt };
};
