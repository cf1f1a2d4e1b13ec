/** The engines read `id=…,env=…` as a list of fields: a comma in a name would begin another one, such as `src=/etc/shadow`. */
const NAME = /^[\w.-]+$/;

/** How secrets get to an engine: named in its arguments, with their values in variables. */
export interface PassedSecrets {
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Passes secrets in variables with names of our own: the source chooses what the secrets are called, and a variable `PATH`
 * would decide which program runs.
 *
 * @throws {Error} when an engine would read more than a name in one
 */
export function passSecrets(secrets: readonly string[], environment: ReadonlyMap<string, string>): PassedSecrets {
  const odd = secrets.find((secret) => !NAME.test(secret));
  if (odd !== undefined) throw new Error(`cannot pass secret "${odd}": a name is letters, digits and "_", "." or "-"`);
  const passed = secrets.map((secret, index) => ({ secret, variable: `CONVOX_SECRET_${index}` }));
  return {
    args: passed.flatMap(({ secret, variable }) => ['--secret', `id=${secret},env=${variable}`]),
    variables: Object.fromEntries(passed.map(({ secret, variable }) => [variable, environment.get(secret) ?? ''])),
  };
}
