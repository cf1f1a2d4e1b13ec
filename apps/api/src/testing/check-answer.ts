import { createOpenApi, type Route } from '@convox-builds/api-contract';
import { z } from 'zod';

const { components } = createOpenApi();

type PublishedSchema = Parameters<typeof z.fromJSONSchema>[0];

/**
 * Tells what is wrong with an answer, by what the published description says of its route; `undefined` when nothing is.
 * It is read from the JSON Schema that is published, not from the schema that it was made of.
 */
export function findAnswerProblem({ answer }: Route, text: string): string | undefined {
  if (answer.kind === 'ok') return text === 'ok\n' ? undefined : `expected ok, not ${text}`;
  if (answer.kind !== 'object' && answer.kind !== 'list') return undefined;
  if (!text.endsWith('\n')) return 'the answer has no line end';
  const item = z.fromJSONSchema(components.schemas[answer.of] as PublishedSchema);
  return (answer.kind === 'list' ? z.array(item) : item).safeParse(JSON.parse(text)).error?.message;
}
