import type { Section } from './section.ts';
import { loadProfile } from './sections/load-profile.ts';

/** All sections of a workload report, in the order of reading. */
export const SECTIONS: readonly Section[] = [loadProfile];
