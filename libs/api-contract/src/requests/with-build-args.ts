import { z } from 'zod';

import { type BuildArgsFields, parseBuildArgs } from '../build-args.js';

/** Reads the build arguments of a form from either of their fields, for `.transform()`. */
export function withBuildArgs<Form extends BuildArgsFields>(form: Form, context: z.RefinementCtx) {
  try {
    return { ...form, buildArgs: parseBuildArgs(form) };
  } catch (error) {
    const message = error instanceof SyntaxError ? error.message : 'build-args: cannot be read';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
}
