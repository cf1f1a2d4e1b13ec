import { z } from 'zod';

/** What the server may not say for us in a request of ours. */
const OUR_HEADERS = /^(?:host|connection|content-length|transfer-encoding|upgrade|expect)$/i;
/** RFC 9110, section 5. */
const [FIELD_NAME, FIELD_VALUE] = [/^[\w!#$%&'*+.^`|~-]+$/, /^[\t\x20-\x7e\x80-\xff]*$/];

/** Headers that a server of Git LFS wants to have in the requests that it sends us to make. */
export const lfsHeadersSchema = z
  .record(z.string().regex(FIELD_NAME), z.string().regex(FIELD_VALUE))
  .transform((header) => Object.fromEntries(Object.entries(header).filter(([name]) => !OUR_HEADERS.test(name))))
  .default({});
