import { z } from 'zod';

const MAX_TIMEOUT_SECONDS = 24 * 3600;

const commandSchema = z.string().transform((text, context): readonly [string, ...string[]] => {
  try {
    return z.tuple([z.string().min(1)], z.string()).parse(JSON.parse(text));
  } catch {
    context.addIssue('expected a JSON list of texts, such as ["/usr/local/bin/deploy", "--quiet"]');
    return z.NEVER;
  }
});

const isHttpUrl = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** The environment variables that say what a promotion runs. With neither a command nor a URL it is over at once. */
export const promotionVariables = {
  /** A program with its arguments, as a JSON list. It gets the promotion on standard input. */
  PROMOTE_COMMAND: commandSchema.optional(),
  /** Where a promotion is posted to; `{app}` in it is the app's name. */
  PROMOTE_URL: z
    .string()
    .refine((text) => isHttpUrl(text.replaceAll('{app}', 'app')), 'expected a URL with http or https')
    .optional(),
  /** The key of the signature of what is posted. */
  PROMOTE_SECRET: z.string().min(16).optional(),
  PROMOTE_TIMEOUT_SECONDS: z.coerce.number().positive().max(MAX_TIMEOUT_SECONDS).default(1800),
  /** How often a promotion is tried, when what runs it is lost or says that it may go well another time. */
  PROMOTE_TRIES: z.coerce.number().int().min(1).max(20).default(3),
  /** How long a promotion waits for an api that has gone, before another one takes it up. */
  PROMOTE_LEASE_SECONDS: z.coerce.number().min(1).max(600).default(30),
};

const variablesSchema = z.object(promotionVariables);

/** What a promotion runs: the operator decides it, never a client. A variable that does not go with another is an issue of the context. */
export function promotionSettings(variables: z.output<typeof variablesSchema>, context: z.RefinementCtx) {
  const { PROMOTE_COMMAND: command, PROMOTE_URL: url, PROMOTE_SECRET: secret } = variables;
  if (command !== undefined && url !== undefined)
    context.addIssue({ code: 'custom', path: ['PROMOTE_URL'], message: 'cannot be set together with PROMOTE_COMMAND' });
  if (url !== undefined && secret === undefined)
    context.addIssue({ code: 'custom', path: ['PROMOTE_SECRET'], message: 'is needed with PROMOTE_URL' });
  return {
    command,
    call: url === undefined || secret === undefined ? undefined : { url, secret },
    timeoutMs: variables.PROMOTE_TIMEOUT_SECONDS * 1000,
    maxTries: variables.PROMOTE_TRIES,
    leaseMs: variables.PROMOTE_LEASE_SECONDS * 1000,
  };
}
