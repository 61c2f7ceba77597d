import { z } from 'zod';

const align = z.enum(['left', 'center', 'right']);

const bandShape = {
  show: z.boolean().optional(),
  text: z.string().optional(),
  color: z.string().optional().describe('`#rrggbb` or a CSS name'),
  text_align: align.optional(),
  image: z.string().optional().describe('Data URL of a PNG or JPEG image, or a file beside the report'),
  fit: z.enum(['fit', 'fill', 'none']).optional(),
  image_align: align.optional(),
};

const coverSchema = z.strictObject({
  show: z.boolean().optional(),
  title: z.string().optional().describe('Left out: the name of the report'),
  subtitle: z.string().optional(),
  text: z.string().optional().describe('Markdown'),
  image: z.string().optional().describe('Data URL of a PNG or JPEG image, or a file beside the report'),
  show_period: z.boolean().optional(),
  show_date: z.boolean().optional(),
});

const contentsSchema = z.strictObject({
  show: z.boolean().optional(),
  depth: z.number().int().min(1).max(5).optional().describe('Levels of headings; default 2'),
});

/** What a report file says about its sheets: header, footer, cover, contents, style. */
export const settingsShape = {
  header: z.strictObject({ ...bandShape, show_on_all_pages: z.boolean().optional() }).optional(),
  footer: z
    .strictObject({
      ...bandShape,
      show_on_first_page: z.boolean().optional(),
      show_date: z.boolean().optional(),
      date_align: align.optional(),
      show_page_number: z.boolean().optional(),
      page_number_align: align.optional(),
    })
    .optional(),
  cover: coverSchema.optional(),
  contents: contentsSchema.optional(),
  style: z
    .strictObject({
      font: z.string().optional().describe('PostScript name, e.g. OpenSans-Regular'),
      paper: z.enum(['A4', 'Letter']).optional(),
      orientation: z.enum(['portrait', 'landscape']).optional(),
      theme: z.string().optional().describe('`light`, `print`, or a palette'),
      palette: z.string().optional().describe('Colours of series: walden, essos, infographic, shine, macarons, roma'),
      show_title: z.boolean().optional(),
    })
    .optional(),
};
