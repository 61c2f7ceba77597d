import type { ImageContent } from '../charts/content.ts';
import { coverBox } from './band.ts';
import type { BodyInput, FixedBody } from './card-body.ts';
import type { Box } from './scene.ts';

const POINTS_PER_PIXEL = 0.75;
const LEAST_HEIGHT = 24;
const MOST_NATURAL_HEIGHT = 360;

/** An image from the top left of its box: `fit` whole in it, `fill` covering it, `none` in its own size, at most its box. */
export function imageBody({ content, width }: BodyInput<ImageContent>): FixedBody {
  const { picture, fit, alt } = content;
  const own = { width: picture.width * POINTS_PER_PIXEL, height: picture.height * POINTS_PER_PIXEL };
  const shown = Math.min(1, width / own.width, MOST_NATURAL_HEIGHT / own.height);
  return {
    kind: 'fixed',
    natural: own.height * shown,
    least: LEAST_HEIGHT,
    warnings: [],
    pieces: (box) => {
      const target = fit === 'fill' ? coverBox(picture, box) : insideBox(own, box, fit === 'none');
      const area = fit === 'fill' ? box : target;
      return [{ tag: 'Figure', alt, box: area, content: [{ kind: 'picture', ...area, picture, target }] }];
    },
  };
}

function insideBox(own: { width: number; height: number }, box: Box, neverLarger: boolean): Box {
  const whole = Math.min(box.width / own.width, box.height / own.height);
  const scale = neverLarger ? Math.min(1, whole) : whole;
  const [width, height] = [own.width * scale, own.height * scale];
  return { x: box.x, y: box.y, width, height };
}
