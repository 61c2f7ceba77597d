import type { Letter } from '../../src/deliver/channel.ts';

const SENDER = 'Reports <reports@mail.test>';

export function letterTo(recipient: string, more: Partial<Letter> = {}): Letter {
  return {
    messageId: '<run-1.0123456789abcdef@mail.test>',
    from: SENDER,
    recipient,
    to: [recipient],
    cc: [],
    replyTo: null,
    date: new Date('2026-11-21T09:00:00Z'),
    subject: 'Weekly',
    text: 'The report is attached.',
    html: '<p>The report is attached.</p>',
    attachments: [],
    picture: null,
    headers: {},
    ...more,
  };
}

export const never = new AbortController().signal;

/** Nobody else has the letter. */
export const agreed = async (): Promise<boolean> => true;
