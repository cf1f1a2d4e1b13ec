import type { JsonSchema, OpenApiContent, OpenApiOperation, OpenApiParameter } from '@convox-builds/api-contract';

import { escapeHtml, renderLine, renderText } from './escape-html.js';
import { renderFields, renderTable, renderType } from './render-schema.js';

/** One route with its place. */
export interface Operation extends OpenApiOperation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
}

const FORM = 'application/x-www-form-urlencoded';
/** What stands for the names in the paths of examples. */
const EXAMPLES: Readonly<Record<string, string>> = {
  app: 'myapp',
  delivery: '00000000-0000-0000-0000-000000000000',
  host: 'git.example.org',
  id: 'BABCDEFGHIJ',
  key: 'tmp/source.tgz',
  name: 'cli-env-mask',
  path: 'myapp/tags/list',
  server: 'ghcr.io',
};

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function exampleOf(content: OpenApiContent | undefined): Readonly<Record<string, string>> {
  return (content?.[FORM]?.example ?? {}) as Readonly<Record<string, string>>;
}

/** Writes a request as a command that can be run as it is. */
function renderCommand({ method, path, parameters, requestBody }: Operation): string {
  const filled = path.replace(/\{(\w+)\}/g, (_match, name: string) => EXAMPLES[name] ?? name);
  const url = `"$RACK_URL${path.includes('/releases/{id}') ? filled.replace('BABC', 'RABC') : filled}"`;
  const query = parameters.flatMap(({ name, example }) => (example === undefined ? [] : [[name, example] as const]));
  const form = Object.entries(exampleOf(requestBody?.content));
  const fields = [...query, ...form].map(([name, value]) => `--data-urlencode ${quote(`${name}=${value}`)}`);
  const verb = method === 'GET' ? (query.length > 0 ? ['-G'] : []) : method === 'HEAD' ? ['-I'] : ['-X', method];
  const isFile = requestBody !== undefined && requestBody.content[FORM] === undefined;
  return ['curl', ...verb, ...(isFile ? ['-T source.tgz'] : []), ...fields, url].join(' ');
}

function renderParameters(parameters: readonly OpenApiParameter[], form: JsonSchema | undefined): string {
  const byPlace = (place: string) => {
    const fields = parameters.filter((parameter) => parameter.in === place);
    const properties = Object.fromEntries(
      fields.map(({ name, schema, description = '' }) => [name, { ...schema, description }]),
    );
    return { properties, required: fields.filter(({ required }) => required).map(({ name }) => name) };
  };
  const tables: [string, JsonSchema][] = [
    ['Path', byPlace('path')],
    ['Query', byPlace('query')],
    ['Header', byPlace('header')],
    ['Form', form ?? {}],
  ];
  return tables
    .map(([title, schema]) => renderTable([title, 'Type', 'Meaning'], renderFields(schema, 'required')))
    .join('');
}

function renderAnswers({ responses }: Operation): string {
  const rows = Object.entries(responses).map(([status, response]) => {
    if ('$ref' in response) {
      const name = response.$ref.split('/').at(-1) ?? '';
      return `<tr><th scope="row">${status}</th><td></td><td><a href="#${name}">${name}</a></td></tr>`;
    }
    const isError = Number(status) >= 400;
    const types = Object.entries(response.content ?? {});
    const what = types.map(([type, { schema }]) =>
      type === 'application/json' ? renderType(schema) : escapeHtml(type),
    );
    const text = isError ? `<code>${escapeHtml(response.description)}</code>` : renderLine(response.description);
    return `<tr><th scope="row">${status}</th><td>${what.join(' or ')}</td><td>${text}</td></tr>`;
  });
  return renderTable(['Status', 'Type', 'Answer'], rows.join(''));
}

function renderAccess({ security, method }: Operation): string {
  if (security?.length === 0) return 'no password';
  return method === 'GET' || method === 'HEAD' ? 'may read' : 'may write';
}

/** Renders a route, closed; its summary is what a reader looks for. */
export function renderOperation(operation: Operation): string {
  const { method, path, operationId, summary, description, requestBody, parameters } = operation;
  const form = requestBody?.content[FORM]?.schema;
  const parts = [
    description === undefined ? '' : renderText(description),
    `<p class="access">Who: ${renderAccess(operation)}</p>`,
    renderParameters(parameters, form),
    requestBody?.description === undefined ? '' : `<p>Body: ${renderLine(requestBody.description)}</p>`,
    renderAnswers(operation),
    `<pre><code>${escapeHtml(renderCommand(operation))}</code></pre>`,
  ];
  const title = `<b class="${method.toLowerCase()}">${method}</b> <code>${escapeHtml(path).replaceAll('/', '/<wbr>')}</code>`;
  return `<details id="${operationId}"><summary>${title}<span>${renderLine(summary)}</span></summary>${parts.join('')}</details>`;
}
