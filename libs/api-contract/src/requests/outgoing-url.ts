import { z } from 'zod';

import { text } from './fields.js';

const MAX_URL_LENGTH = 2000;

/** A URL that the rack is to call. */
export const outgoingUrl = text(MAX_URL_LENGTH).transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const issue = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    return issue('must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') return issue('must not hold a user or a password');
  url.hash = '';
  return url.href;
});
