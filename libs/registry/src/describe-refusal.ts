const MAX_LENGTH = 300;

/** The messages of an error body: OCI Distribution Specification 1.1, "Error Codes". */
function readMessages(body: string): string {
  try {
    const { errors } = JSON.parse(body) as { errors: readonly { code?: unknown; message?: unknown }[] };
    return errors.map(({ code, message }) => String(message || code || '')).join('; ');
  } catch {
    // Not what the specification says: a proxy's page, or a text.
    return '';
  }
}

/** What a registry says of why it refuses, in one line; `''` when it says nothing. */
export function describeRefusal(body: string): string {
  return (readMessages(body) || body).replace(/\s+/g, ' ').trim().slice(0, MAX_LENGTH);
}
