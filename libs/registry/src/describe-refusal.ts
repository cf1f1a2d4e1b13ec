import { z } from 'zod';

const MAX_LENGTH = 300;

/** An error body: OCI Distribution Specification 1.1, "Error Codes". */
const errorsSchema = z.object({
  errors: z.array(z.object({ code: z.string().default(''), message: z.string().default('') })),
});

function readMessages(body: string): string {
  try {
    const { errors } = errorsSchema.parse(JSON.parse(body));
    return errors.map(({ code, message }) => message || code).join('; ');
  } catch {
    // Not what the specification says: a proxy's page, or a text.
    return '';
  }
}

/** What a registry says of why it refuses, in one line; `''` when it says nothing. */
export function describeRefusal(body: string): string {
  return (readMessages(body) || body).replace(/\s+/g, ' ').trim().slice(0, MAX_LENGTH);
}
